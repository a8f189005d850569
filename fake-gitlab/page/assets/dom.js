/**
 * Creates an element. Text is always set as text, so nothing from a runner or job becomes markup.
 */
export function element(name, { text, className, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  if (className !== undefined) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * Sets an element's text only if it differs, so that a selection and a screen reader are not
 * disturbed.
 */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * Updates a container's children to match a list, and keeps the element of each item and so its
 * focus.
 * @param create (item) => element, once per item
 * @param update (element, item), on every call
 */
export function followList(container, items, { create, update }) {
  const known = new Map([...container.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const key = String(item.id);
    const child = known.get(key) ?? create(item);
    known.delete(key);
    child.dataset.key = key;
    update(child, item);
    if (container.children[index] !== child) {
      container.insertBefore(child, container.children[index] ?? null);
    }
  });
  for (const child of known.values()) child.remove();
}

/** Formats a duration: `4 s`, `3 min 12 s`, `2 h 5 min`. */
export function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** Formats how long ago something was. */
export function ago(time, now) {
  if (time === null) return "never";
  return now - time < 2000 ? "now" : `${duration(now - time)} ago`;
}
