/** What of a person is found in a text, and what only looks like it. */
import { personalDataIn, withoutPersonalData } from '../../shared/domain/personal-data.ts';

const known = { persons: ['张三', '李'], notPersons: ['张三烟花店'] };
const telephone = (text: string): string => `telephone: ${text}`;
const found = (text: string) => personalDataIn(text, known).map(({ kind, from, to }) => `${kind}: ${text.slice(from, to)}`);

test.each<[string, readonly string[]]>([
  ['联系电话13800000000。', ['telephone: 13800000000']],
  ['电 138 0000 0000、+86-13900000000', ['telephone: 138 0000 0000', 'telephone: +86-13900000000']],
  ['座机0692-4141234', ['telephone: 0692-4141234']],
  ['１３８００００００００', ['telephone: １３８００００００００']],
  ['证号53310219800101123X', ['identity-card: 53310219800101123X']],
  ['证号533102 19800101 1234', ['identity-card: 533102 19800101 1234']],
  ['老证533102800101123', ['identity-card: 533102800101123']],
  ['张三不在，张三烟花店关门', ['name: 张三']],
  ['李某外出', []],
  ['信用代码91350100M000100Y43、911234567890123456', []],
  ['2026年3月10日压力0.8MPa，编号20260310001，金额13800元', []],
  ['设备编号A13800000000', []],
  [
    '139.8765.4321、139-876-54321、1398 765 4321、13987 654321',
    ['139.8765.4321', '139-876-54321', '1398 765 4321', '13987 654321'].map(telephone),
  ],
  ['微信wx13987654321，Tel13987654321，V13987654321', ['wx13987654321', 'Tel13987654321', 'V13987654321'].map(telephone)],
  ['（0692）2123456、0692 - 2123456、0692-212 3456', ['0692）2123456', '0692 - 2123456', '0692-212 3456'].map(telephone)],
  [
    '+86(139)87654321、139·8765·4321、139\u00A08765\n4321',
    ['+86(139)87654321', '139·8765·4321', '139\u00A08765\n4321'].map(telephone),
  ],
  ['仰光 +95 9 4201 23456、老挝+856 20 5551 2345', ['+95 9 4201 23456', '+856 20 5551 2345'].map(telephone)],
  ['身份证 533102 1990 0307 1234', ['identity-card: 533102 1990 0307 1234']],
  ['2026-03-01 08:00 至 2026-03-15 18:00，3月1日15时', []],
  ['编号001-2026-0301、GB 30871-2022、Q/SY 1805-2015，坐标97.851234 24.012345', []],
  ['温度+20.5 30.2 40.1，压力1.5-2.0 MPa，长度1380 mm', []],
  ['统一编号 533102-2026-03-0001', []],
])('%s', (text, passages) => {
  expect(found(text)).toEqual(passages);
});

test('what is blotted out leaves the rest as it was', () => {
  expect(withoutPersonalData('请张三（13800000000）整改', known)).toEqual({ text: '请■■（■■■■■■■■■■■）整改', blotted: 2 });
  expect(withoutPersonalData('台账不全', known)).toEqual({ text: '台账不全', blotted: 0 });
});
