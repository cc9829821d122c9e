import { type Served, serve } from '../../shared/runtime/route.ts';
import * as api from './api.ts';
import { enterRandomness, openDraw, replaceObjects, voidDraw } from './command-draw.ts';
import { listDraws, readBundle, readDraw, readRefusals, type ServeDraws } from './read-draws.ts';

/** Each route with its work. */
export const servedDraws = (deps: ServeDraws): readonly Served[] => [
  serve(api.listDraws, listDraws(deps)),
  serve(api.readDraw, readDraw(deps)),
  serve(api.readBundle, readBundle(deps)),
  serve(api.readRefusals, readRefusals(deps)),
  serve(api.openDraw, openDraw(deps)),
  serve(api.enterRandomness, enterRandomness(deps)),
  serve(api.voidDraw, voidDraw(deps)),
  serve(api.replaceObjects, replaceObjects(deps)),
];
