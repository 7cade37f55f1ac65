// Show the description in Swagger UI. Its address has the prefix of the gateway, if there is one.
const place = document.getElementById("swagger-ui");
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
follow();
dark.addEventListener("change", follow);
// The main call stands first.
const main = (operation) => operation.get("path") === "/v1/distribution" && operation.get("method") === "post";
SwaggerUIBundle({
  domNode: place, url: place.dataset.description, deepLinking: true, validatorUrl: null,
  operationsSorter: (a, b) => main(b) - main(a),
});
