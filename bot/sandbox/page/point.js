// Points at an element for a moment: brings it into view and lets it glow.

const LONG = 4500; // milliseconds

export function point(selector) {
  const node = document.querySelector(selector);
  if (!node) return;
  node.scrollIntoView({ block: "center", inline: "nearest" });
  node.classList.add("pointed");
  setTimeout(() => node.classList.remove("pointed"), LONG);
  if (node.matches("button")) node.focus({ preventScroll: true });
}
