// Comfort only: the page says everything without this file.
"use strict";

function offerCopy(box) {
  const source = document.getElementById(box.dataset.copy);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy: " + box.querySelector("h3").textContent);
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  status.className = "unseen";
  button.addEventListener("click", async () => {
    let told = "Copied";
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source);
      told = "Selected";
    }
    button.textContent = status.textContent = told;
    setTimeout(() => { button.textContent = "Copy"; status.textContent = ""; }, 2000);
  });
  box.append(button, status);
}

document.querySelectorAll("[data-copy]").forEach(offerCopy);

// Control or Command with Enter sends the list, as in other places where people write.
document.getElementById("outlets")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.form.requestSubmit();
  }
});
