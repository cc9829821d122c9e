/** Each route with its work. */
import { type Served, serve } from '../../shared/runtime/route.ts';
import * as api from './api.ts';
import { type Exchanging, serveGaps, serveRows } from './reading.ts';
import { receiveRows } from './receiving.ts';

export const servedExchange = (deps: Exchanging): Served[] => [
  serve(api.sendRows, receiveRows(deps)),
  serve(api.readRows, serveRows(deps)),
  serve(api.readGaps, serveGaps(deps)),
];
