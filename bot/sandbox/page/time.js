// Tells instants in a person's zone, and reads Slack's <!date^…> formats.

const cache = new Map();

function formatter(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  return cache.get(key);
}

function parts(epoch, zone, options) {
  return Object.fromEntries(formatter(zone, options).formatToParts(new Date(epoch * 1000)).map(({ type, value }) => [type, value]));
}

const DAY = { year: "numeric", month: "2-digit", day: "2-digit" };

/** "2026-06-18": the local day of an instant. */
export function dayOf(epoch, zone) {
  const { year, month, day } = parts(epoch, zone, DAY);
  return `${year}-${month}-${day}`;
}

export function clockTime(epoch, zone, seconds = false) {
  return formatter(zone, { hour: "2-digit", minute: "2-digit", second: seconds ? "2-digit" : undefined, hourCycle: "h23" }).format(new Date(epoch * 1000));
}

/** "Thu 18 Jun 2026, 09:50 (Berlin)" for the top bar and for titles. */
export function fullTime(epoch, zone) {
  const { weekday, day, month, year } = parts(epoch, zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const city = zone.split("/").at(-1).replaceAll("_", " ");
  return `${weekday} ${day} ${month} ${year}, ${clockTime(epoch, zone)} (${city})`;
}

function ordinal(day) {
  if (day % 100 >= 11 && day % 100 <= 13) return `${day}th`;
  return `${day}${{ 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th"}`;
}

/** Slack leaves the year out within half a year of now. */
function withYear(text, epoch, now, zone) {
  const far = Math.abs(epoch - now) > 183 * 86400;
  return far ? `${text}, ${parts(epoch, zone, { year: "numeric" }).year}` : text;
}

function plainDate(epoch, zone, now, { month, weekday }) {
  const got = parts(epoch, zone, { weekday: "long", month, day: "numeric" });
  const day = month === "long" ? ordinal(Number(got.day)) : got.day;
  const name = month === "short" ? got.month.slice(0, 3) : got.month;
  const text = withYear(`${name} ${day}`, epoch, now, zone);
  return weekday ? `${got.weekday}, ${text}` : text;
}

function prettyDay(epoch, zone, now) {
  const day = dayOf(epoch, zone);
  for (const [shift, word] of [[0, "today"], [-1, "yesterday"], [1, "tomorrow"]]) {
    if (day === shifted(dayOf(now, zone), shift)) return word;
  }
  return null;
}

function shifted(day, days) {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
}

export function ago(epoch, now) {
  const gone = now - epoch;
  const units = [[86400 * 365, "year"], [86400 * 30, "month"], [86400, "day"], [3600, "hour"], [60, "minute"]];
  for (const [size, unit] of units) {
    const count = Math.floor(Math.abs(gone) / size);
    if (count >= 1) {
      const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
      return gone >= 0 ? `${words} ago` : `in ${words}`;
    }
  }
  return "just now";
}

const TOKENS = {
  date_num: (at, zone) => dayOf(at, zone),
  date: (at, zone, now) => plainDate(at, zone, now, { month: "long" }),
  date_short: (at, zone, now) => plainDate(at, zone, now, { month: "short" }),
  date_long: (at, zone, now) => plainDate(at, zone, now, { month: "long", weekday: true }),
  date_pretty: (at, zone, now) => prettyDay(at, zone, now) ?? TOKENS.date(at, zone, now),
  date_short_pretty: (at, zone, now) => prettyDay(at, zone, now) ?? TOKENS.date_short(at, zone, now),
  date_long_pretty: (at, zone, now) => prettyDay(at, zone, now) ?? TOKENS.date_long(at, zone, now),
  day_divider_pretty: (at, zone, now) => prettyDay(at, zone, now) ?? TOKENS.date_long(at, zone, now),
  time: (at, zone) => clockTime(at, zone),
  time_secs: (at, zone) => clockTime(at, zone, true),
  ago: (at, zone, now) => ago(at, now),
};

/** Slack's date format filled in, or null where a token is unknown, as Slack then shows the fallback. */
export function slackDate(epoch, format, zone, now) {
  if (!Number.isFinite(epoch)) return null;
  let known = true;
  const text = format.replace(/\{(\w+)\}/g, (_, token) => {
    if (!Object.hasOwn(TOKENS, token)) { known = false; return ""; }
    return TOKENS[token](epoch, zone, now);
  });
  return known && text.trim() ? text : null;
}

export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The heading over a day's messages. */
export function dayHeading(epoch, zone, now) {
  return capital(TOKENS.day_divider_pretty(epoch, zone, now));
}

function offset(epoch, zone) {
  const got = parts(epoch, zone, { ...DAY, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  return Date.UTC(got.year, got.month - 1, got.day, got.hour, got.minute, got.second) / 1000 - Math.floor(epoch);
}

/** "2026-06-18T09:50" typed in a zone, as an instant; in the hour that clocks skip, the later reading. */
export function toEpoch(local, zone) {
  const wall = Date.parse(`${local}Z`) / 1000;
  if (Number.isNaN(wall)) return null;
  const first = wall - offset(wall, zone);
  return wall - offset(first, zone);
}

/** The reverse, for a datetime-local input. */
export function toLocal(epoch, zone) {
  return `${dayOf(epoch, zone)}T${clockTime(epoch, zone)}`;
}
