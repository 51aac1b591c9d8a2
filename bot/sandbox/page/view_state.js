// Reads the state of a set of blocks, and finds what Slack's client itself refuses before a submission.

/** The values of the elements that these blocks still have: {block_id: {action_id: value}}. */
export function stateOf(list, values) {
  const state = {};
  for (const [at, block] of list.entries()) {
    const id = block.block_id ?? `block-${at}`;
    for (const part of [block.element, block.accessory, ...(block.elements ?? [])]) {
      const value = part?.action_id && values[id]?.[part.action_id];
      if (value) (state[id] ??= {})[part.action_id] = value;
    }
  }
  return state;
}

/** {block_id: words}, in the words of Slack's own client. */
export function faults(list, values) {
  const found = {};
  for (const [at, block] of list.entries()) {
    if (block.type !== "input") continue;
    const id = block.block_id ?? `block-${at}`;
    const fault = faultOf(block, values[id]?.[block.element.action_id]);
    if (fault) found[id] = fault;
  }
  return found;
}

function faultOf(block, value) {
  const { element } = block;
  if (isEmpty(value)) return block.optional ? null : "Please complete this required field.";
  if (element.min_length && value.value.length < element.min_length) return `Must be at least ${element.min_length} characters.`;
  const check = { number_input: numberFault, email_text_input: emailFault, url_text_input: urlFault }[element.type];
  return check ? check(element, value.value.trim()) : null;
}

function isEmpty(value) {
  const { type, ...rest } = value ?? {};
  return Object.values(rest).every((held) => held === null || held === undefined || (typeof held === "string" && !held.trim()) || (Array.isArray(held) && !held.length));
}

function numberFault(element, text) {
  if (!/^[-+]?\d+(\.\d+)?$/.test(text)) return "Please enter a valid number.";
  if (!element.is_decimal_allowed && text.includes(".")) return "Please enter a whole number.";
  if (element.min_value !== undefined && Number(text) < Number(element.min_value)) return `Must be at least ${element.min_value}.`;
  if (element.max_value !== undefined && Number(text) > Number(element.max_value)) return `Must be at most ${element.max_value}.`;
  return null;
}

function emailFault(_, text) {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : "Please enter a valid email address.";
}

function urlFault(_, text) {
  return /^https?:\/\/\S+$/.test(text) ? null : "Please enter a valid URL.";
}
