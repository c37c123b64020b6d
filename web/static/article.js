// Scrolls the article page to its passage, so that the plain ?start=&end= address shows the place.
"use strict";
const passage = document.getElementById("passage");
if (passage) {
  passage.scrollIntoView({ block: "center" });
  passage.focus({ preventScroll: true }); // a screen reader starts reading here too
}
