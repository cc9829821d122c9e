/**
 * The page that the links of messages open, for whoever has no other app: plain HTML that asks the API beside it and nobody else. The sign-in
 * token never stands in an address: it is pasted, or an app has put it into the page's own `sessionStorage` under `token`.
 */
import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; font-family: system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; line-height: 1.6 }
body { max-width: 40rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.3rem; margin: .3rem 0 }
h2 { font-size: 1.05rem; margin: 1.2rem 0 .3rem; border-bottom: 1px solid #8884 }
#about { opacity: .75; margin: 0 }
.todo { border-left: .3rem solid #2a6ebb; padding: .3rem .8rem; margin: .6rem 0; background: #8881 }
.todo.overdue { border-color: #c0392b }
.todo b { display: block }
.why { font-size: .9rem; opacity: .8; margin: 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .8rem; margin: .5rem 0 }
dt { opacity: .75 }
dd { margin: 0; overflow-wrap: anywhere }
li { overflow-wrap: anywhere }
textarea { width: 100%; min-height: 5rem; font: inherit; box-sizing: border-box }
button { font: inherit; padding: .5rem 1.2rem; margin: .4rem .4rem .4rem 0 }
[hidden] { display: none }
`;

/** What touches the page; whatever has to be right is in `opened`. */
const GLUE = `
const part = (id) => document.getElementById(id);
const add = (parent, name, text, kind) => { const e = document.createElement(name); if (text) e.textContent = text; if (kind) e.className = kind; parent.append(e); return e };
const show = (says, signIn) => { part('says').textContent = says; part('sign-in').hidden = !signIn; part('shown').textContent = ''; part('forget').hidden = !sessionStorage.getItem('token') };
const paint = ({ title, todos, rest, facts, lists }, more) => {
  show('', false);
  const main = part('shown');
  add(main, 'h1', title);
  add(main, 'h2', '要做的事');
  for (const { what, until, isOverdue, why, lines, link } of todos) {
    const todo = add(main, 'div', '', isOverdue ? 'todo overdue' : 'todo');
    add(todo, 'b', what);
    if (until) add(todo, 'span', (isOverdue ? '已逾期，应在 ' : '最迟 ') + until + ' 以前');
    else if (isOverdue && !lines) add(todo, 'span', '已逾期');
    for (const line of lines || []) add(todo, 'p', line);
    if (why) add(todo, 'p', '依据：' + why, 'why');
    if (link) add(todo, 'a', '打开').href = '#' + link;
  }
  if (!todos.length) add(main, 'p', rest);
  if (facts.length) { const dl = add(main, 'dl'); for (const [label, text] of facts) { add(dl, 'dt', label); add(dl, 'dd', text) } }
  for (const { title, lines } of lists) { add(main, 'h2', title); const ul = add(main, 'ul'); for (const line of lines) add(ul, 'li', line) }
  if (!more) return;
  add(main, 'p', '以上不是全部，后面还有。');
  add(main, 'button', '接着看').addEventListener('click', more);
};
const MOST_PAGES = 10;
let turn = 0;
const read = async (asked, token, from) => {
  const items = [];
  let cursor = from;
  for (let page = 0; page < MOST_PAGES; page++) {
    const path = cursor ? asked.path + '&cursor=' + encodeURIComponent(cursor) : asked.path;
    const answer = await fetch(path, { headers: Object.assign({ authorization: 'Bearer ' + token }, asked.headers), cache: 'no-store', credentials: 'omit', redirect: 'error' });
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok || !asked.isList) return { status: answer.status, data };
    items.push(...data.items);
    cursor = data.cursor;
    if (!cursor) break;
  }
  return { status: 200, data: { items }, cursor };
};
const open = async (from) => {
  const mine = ++turn;
  const asked = opened.requestOf(location.hash);
  part('about').textContent = asked.about || '';
  if (asked.says) return show(asked.says, false);
  const token = sessionStorage.getItem('token');
  if (!token) return show('请粘贴登录令牌，以便查看。', true);
  show('正在读取…', false);
  try {
    let { status, data, cursor } = await read(asked, token, from);
    let { view } = asked;
    if (asked.else && (status === 403 || status === 404)) {
      ({ view } = asked.else);
      ({ status, data } = await read(Object.assign({}, asked, asked.else), token));
    }
    if (mine !== turn) return;
    if (status === 200) return paint(opened.shownOf(view, data, asked.find), cursor && (() => open(cursor)));
    const { says, isSignInOver } = opened.refusalOf(status, data);
    if (isSignInOver) sessionStorage.removeItem('token');
    show(says, isSignInOver);
  } catch (error) {
    if (mine === turn) show('没有连上系统，请检查网络后刷新。', false);
  }
};
part('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  const token = part('token').value.trim().replace(/^Bearer\\s+/i, '');
  part('token').value = '';
  if (token) sessionStorage.setItem('token', token);
  open();
});
part('forget').addEventListener('click', () => { sessionStorage.removeItem('token'); open() });
addEventListener('hashchange', () => open());
open();
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** A page and what it lets the browser do: run this script, use this style, ask this host. */
export interface OpenPage {
  readonly html: string;
  readonly policy: string;
}

/** `script` declares `opened` (infra/open-script.ts). */
export function openPage(script: string): OpenPage {
  const whole = `${script}${GLUE}`;
  return {
    policy: [
      "default-src 'none'",
      `script-src ${hashOf(whole)}`,
      `style-src ${hashOf(STYLE)}`,
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    html: `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>双重预防机制</title>
<style>${STYLE}</style>
<p id="about"></p>
<p id="says" role="status">正在打开…</p>
<form id="sign-in" hidden>
<p><label>登录令牌 <textarea id="token" autocomplete="off" spellcheck="false"></textarea></label></p>
<p>令牌只留在本页，关闭后即清除；不要把令牌放进链接，也不要发给别人。</p>
<button>打开</button>
</form>
<main id="shown"></main>
<button id="forget" type="button" hidden>退出登录</button>
<noscript>请用可以运行脚本的浏览器打开。</noscript>
<script>${whole}</script>
</html>
`,
  };
}
