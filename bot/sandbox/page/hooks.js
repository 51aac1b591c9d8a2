// Says how tests and screen readers find an element.

/** `field` is {id, described, invalid, required} where the element stands in an input block, else empty. */
export function hooks(part, field) {
  return {
    id: field.id ?? null,
    "data-action-id": part.action_id,
    "aria-describedby": field.described ?? null,
    "aria-invalid": field.invalid ? "true" : null,
    "aria-required": field.required ? "true" : null,
    "aria-label": field.id ? null : part.accessibility_label ?? part.placeholder?.text ?? null,
  };
}
