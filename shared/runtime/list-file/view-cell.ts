/** What a cell of a spreadsheet can hold of a view, and how it shows instants and days: alike in CSV and in a workbook. */
import { type Day, dayOf, epochMs, type Instant, startOfDay } from '../../domain/calendar.ts';

/** Excel and WPS take no more characters of a cell, and of a CSV put the rest into cells of its own. */
export const MOST_IN_A_CELL = 32_767;

/** A longer text is cut where everybody sees it, and says where the whole stands. Never through a character. */
export function fitted(text: string, whole: () => string): string {
  if (text.length <= MOST_IN_A_CELL) return text;
  const mark = `……【原文共 ${text.length} 字，此处截断，全文见 ${whole()}】`;
  return `${text.slice(0, MOST_IN_A_CELL - mark.length).replace(/[\uD800-\uDBFF]$/, '')}${mark}`;
}

const DAY_MS = 86_400_000;
/** Days since 1899-12-30, as spreadsheets count them. */
const EPOCH = 25_569;
const midnight = (day: Day): number => EPOCH + Date.parse(`${day}T00:00:00Z`) / DAY_MS;

export const serialOfDay = midnight;
/** In the county's zone, with the time as a fraction of the day. */
export function serialOf(at: Instant): number {
  const day = dayOf(at);
  return midnight(day) + (epochMs(at) - epochMs(startOfDay(day))) / DAY_MS;
}
