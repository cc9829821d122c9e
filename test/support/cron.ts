/** When EventBridge Scheduler fires a cron expression, for the fields that this project uses: stars, lists, and names of weekdays. */
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) \*\)$/;

const admits = (field: string, value: number | string): boolean =>
  field === '*' || field === '?' || field.split(',').includes(String(value));

const ZONE_MS = 8 * 3_600_000; // Asia/Shanghai, without daylight saving

/** The instants within a span at which the expression fires in Asia/Shanghai, as epoch milliseconds. */
export function firings(expression: string, from: number, until: number): number[] {
  const [, minutes = '', hours = '', days = '', months = '', weekdays = ''] = FIELDS.exec(expression) ?? [];
  if (minutes === '') throw new Error(`not understood: ${expression}`);
  if ((days === '?') === (weekdays === '?')) throw new Error(`exactly one of day and weekday has to be ?: ${expression}`);
  const found: number[] = [];
  const dayMs = 86_400_000;
  for (let day = Math.floor((from + ZONE_MS) / dayMs) * dayMs; day < until + ZONE_MS; day += dayMs) {
    const date = new Date(day);
    if (!admits(months, date.getUTCMonth() + 1) || !admits(days, date.getUTCDate())) continue;
    if (!admits(weekdays, WEEKDAYS[date.getUTCDay()] ?? '')) continue;
    for (let hour = 0; hour < 24; hour++) {
      if (!admits(hours, hour)) continue;
      for (let minute = 0; minute < 60; minute++) {
        if (admits(minutes, minute)) found.push(day + hour * 3_600_000 + minute * 60_000 - ZONE_MS);
      }
    }
  }
  return found.filter((at) => at >= from && at < until);
}
