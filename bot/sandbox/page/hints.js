// Finds what can be offered for the text typed so far: commands, their words, people.

/**
 * {entries: [{word, title, usage, description, from, insert}], picked}: `insert` goes in place of the text from `from` to the caret;
 * `picked` is the entry that Enter takes, or -1 where Enter sends.
 */
export function hintsFor(text, caret, known) {
  const before = text.slice(0, caret);
  if (before.includes("\n")) return nothing();
  return commandHints(before, known) ?? wordHints(before, known) ?? mentionHints(before, known) ?? nothing();
}

function nothing() {
  return { entries: [], picked: -1 };
}

function offer(entries, typed) {
  if (!entries.length) return nothing();
  const exact = entries.some(({ word }) => word.toLowerCase() === typed.toLowerCase());
  return { entries, picked: typed && !exact ? 0 : -1 };
}

function commandHints(before, { commands }) {
  const typed = /^\/\S*$/.exec(before)?.[0];
  if (typed === undefined) return null;
  const entries = commands.filter(({ command }) => command.startsWith(typed.toLowerCase()))
    .map((one) => ({ word: one.command, title: one.command, usage: one.usage_hint, description: one.description, from: 0, insert: `${one.command} ` }));
  return offer(entries, typed === "/" ? "" : typed);
}

/** The words of a command: while the first is typed all that begin so, afterwards the usage of the one typed. */
function wordHints(before, { commands, hints }) {
  const found = /^(\/\S+) +(\S*)( .*)?$/.exec(before);
  if (!found || !commands.some(({ command }) => command === found[1].toLowerCase())) return null;
  const [, command, typed, more] = found;
  const from = before.length - typed.length;
  const entry = (one) => ({ word: one.word, title: `${command} ${one.word}`, usage: one.usage, description: one.description, from, insert: `${one.word} ` });
  if (more === undefined) return offer(hints.filter(({ word }) => word.startsWith(typed.toLowerCase())).map(entry), typed);
  if (/(^|\s)@[\p{L}\w.-]*$/u.test(before)) return null;
  const one = hints.find(({ word }) => word === typed.toLowerCase());
  return one ? { entries: [{ ...entry(one), from: before.length, insert: "" }], picked: -1 } : nothing();
}

function mentionHints(before, { people }) {
  const typed = /(?:^|\s)@([\p{L}\w.-]*)$/u.exec(before)?.[1];
  if (typed === undefined) return null;
  const wanted = typed.toLowerCase();
  const entries = people.filter(({ name, real_name: real }) => name.toLowerCase().startsWith(wanted) || real.toLowerCase().split(/\s+/).some((part) => part.startsWith(wanted)))
    .map((one) => ({ word: one.name, title: `@${one.name}`, usage: "", description: one.real_name, from: before.length - typed.length, insert: `${one.name} ` }));
  return offer(entries, typed);
}
