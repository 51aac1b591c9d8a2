// Keeps the person, the place and the theme in the address, so that a link opens where one was.

/** {as, c, tab, thread, theme, traffic, tour}: what the hash says; `tour` is "off" where it was closed. */
export function readAddress() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

export function writeAddress(fields) {
  const all = { ...readAddress(), ...fields };
  const kept = Object.entries(all).filter(([, value]) => value);
  history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
}

export function applyTheme() {
  const { theme } = readAddress();
  if (["dark", "light"].includes(theme)) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
