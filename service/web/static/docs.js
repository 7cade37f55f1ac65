// Show the description in Swagger UI. Its address has the prefix of the gateway, if there is one.
const place = document.getElementById("swagger-ui");
SwaggerUIBundle({ domNode: place, url: place.dataset.description, deepLinking: true, validatorUrl: null });
