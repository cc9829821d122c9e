/** What of the page has to be right whatever is clicked: bundled into it by infra/open-script.ts under the name `opened`. */
export { requestOf } from './request.ts';
export { refusalOf, shownOf } from './shown.ts';
