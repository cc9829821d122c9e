/**
 * 文本通知模板卡片 of 企业微信群机器人 (developer.work.weixin.qq.com/document/path/91770): one thing in few words, all of which can be tapped.
 * Its limits are in characters, what is over is cut without a word, and it mentions nobody; so only what fits whole goes as a card.
 */
import type { Digest } from './digest.ts';
import { plain } from './shorten.ts';
import { wordsOf } from './templates.ts';

const MOST = { title: 26, besideTitle: 30, text: 112, label: 5, value: 26, rows: 6, jump: 13 } as const;

/** However the platform counts a character: as one of UTF-16 it is never fewer. */
const fits = (text: string, most: number): boolean => text.length <= most;

/** The headline whole, or its kind with the rest of it beside. */
function titleOf(headline: string, colon: string): { readonly title: string; readonly desc?: string } | undefined {
  if (fits(headline, MOST.title)) return { title: headline };
  const [title = '', ...rest] = headline.split(colon);
  const desc = rest.join(colon);
  return desc !== '' && fits(title, MOST.title) && fits(desc, MOST.besideTitle) ? { title, desc } : undefined;
}

/** `undefined`: it is several things, or one that does not fit whole. */
export function cardOf({ items, language }: Pick<Digest, 'items' | 'language'>): Record<string, unknown> | undefined {
  const [item, other] = items;
  if (item === undefined || other !== undefined) return undefined;
  const { where, until, basis, open, colon } = wordsOf(language);
  const row = (keyname: string, value: string | undefined) => (value === undefined ? [] : [{ keyname, value: plain(value) }]);
  const basisRow = row(basis, item.why);
  const isShort = basisRow.every(({ value }) => fits(value, MOST.value));
  const rows = [...row(where, item.where), ...row(until, item.until), ...(isShort ? basisRow : [])];
  const text = [
    ...(item.detail === undefined ? [] : [plain(item.detail)]),
    ...(isShort ? [] : basisRow.map(({ keyname, value }) => `${keyname}${colon}${value}`)),
  ].join('\n');
  const title = titleOf(plain(item.headline), colon);
  const isWhole =
    fits(text, MOST.text) &&
    fits(open, MOST.jump) &&
    rows.length <= MOST.rows &&
    rows.every(({ keyname, value }) => fits(keyname, MOST.label) && fits(value, MOST.value));
  if (title === undefined || !isWhole) return undefined;
  return {
    card_type: 'text_notice',
    main_title: title,
    ...(text !== '' && { sub_title_text: text }),
    horizontal_content_list: rows,
    jump_list: [{ type: 1, title: open, url: item.link }],
    card_action: { type: 1, url: item.link },
  };
}
