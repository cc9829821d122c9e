/** The readable page: plain HTML that reads `openapi.json` beside it and loads nothing from anywhere else, since counties may be offline. */
export const page = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>接口文档</title>
<style>
:root { color-scheme: light dark; font-family: system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; line-height: 1.6 }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
summary { cursor: pointer; padding: .4rem 0; border-bottom: 1px solid #8884 }
code, pre { font-family: ui-monospace, Consolas, monospace; font-size: .9em }
pre { overflow: auto; background: #8881; padding: .6rem; border-radius: .3rem }
.method { display: inline-block; min-width: 4rem; font-weight: 700 }
input { width: 100%; padding: .5rem; font: inherit; box-sizing: border-box }
</style>
<h1 id="title">接口文档</h1>
<p id="about"></p>
<p><label>查找 <input id="find" type="search" placeholder="输入路径或说明"></label></p>
<main id="list" aria-live="polite">正在读取…</main>
<script>
const element = (name, text, parent) => { const e = document.createElement(name); if (text) e.textContent = text; if (parent) parent.append(e); return e };
const schemaText = (schema, all, depth = 0) => {
  if (!schema) return '';
  if (schema.$ref) { const name = schema.$ref.split('/').pop(); return depth > 3 ? name : schemaText(all[name], all, depth + 1) }
  const pad = '  '.repeat(depth);
  const several = schema.oneOf || schema.anyOf;
  if (several) return several.map((one) => schemaText(one, all, depth)).join('\\n' + pad + '或 ');
  if (schema.properties) return '{\\n' + Object.entries(schema.properties).map(([key, value]) =>
    pad + '  ' + key + ((schema.required || []).includes(key) ? '' : '?') + ': ' + schemaText(value, all, depth + 1) + (value.description ? '  // ' + value.description : '')).join('\\n') + '\\n' + pad + '}';
  if (schema.type === 'array') return '[ ' + schemaText(schema.items, all, depth) + ' ]';
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  return [].concat(schema.type || '任意').join(' | ') + (schema.maxLength ? '(≤' + schema.maxLength + ')' : '');
};
fetch('openapi.json').then((answer) => answer.json()).then((api) => {
  const all = (api.components || {}).schemas || {};
  document.getElementById('title').textContent = api.info.title;
  document.getElementById('about').textContent = api.info.description + '。除“公开查验”外，所有请求都要带 Authorization: Bearer 令牌；所有写操作都要带 Idempotency-Key。';
  const list = document.getElementById('list'); list.textContent = '';
  const groups = {};
  for (const [path, methods] of Object.entries(api.paths)) for (const [method, operation] of Object.entries(methods)) {
    const tag = operation.tags[0];
    if (!groups[tag]) { groups[tag] = element('section', '', list); element('h2', tag, groups[tag]) }
    const details = element('details', '', groups[tag]);
    details.dataset.text = (method + path + operation.summary).toLowerCase();
    const summary = element('summary', '', details);
    const label = element('span', method.toUpperCase(), summary); label.className = 'method';
    element('code', path, summary); summary.append(' ' + operation.summary);
    element('p', operation.description, details);
    for (const { name, in: where, required, description } of operation.parameters || []) element('p', where + ' ' + name + (required ? '（必填）' : '') + (description ? '：' + description : ''), details);
    const body = operation.requestBody && operation.requestBody.content['application/json'].schema;
    if (body) { element('h4', '请求', details); element('pre', schemaText(body, all), details) }
    for (const [status, answer] of Object.entries(operation.responses)) if (status < '300') { element('h4', '回答 ' + status, details); element('pre', schemaText(answer.content['application/json'].schema, all), details) }
  }
  document.getElementById('find').addEventListener('input', ({ target }) => {
    for (const details of document.querySelectorAll('details')) details.hidden = !details.dataset.text.includes(target.value.toLowerCase());
  });
}).catch(() => { document.getElementById('list').textContent = '无法读取 openapi.json，请稍后刷新。' });
</script>
</html>
`;
