/** What an address is for, by the registries of special ranges. An allow-list: what is not known to be public is not. */
import ipaddr from 'ipaddr.js';

/** 2000::/3, the only range of IPv6 that was given out for hosts of the internet. */
const isGlobal = (firstPart: number): boolean => firstPart >= 0x2000 && firstPart <= 0x3fff;

/** Within the ranges of the internet, and yet of a provider's inner net: Azure's metadata and its agents. */
const INNER = new Set(['168.63.129.16']);

/**
 * A host of the internet: none of a private net, of this machine, of the link, of a provider's inner net, of metadata, multicast or reserved,
 * and no address that stands for another (mapped, compatible, 6to4, NAT64, Teredo), whatever that other is.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast' || INNER.has(parsed.toString())) return false;
  return parsed instanceof ipaddr.IPv4 || isGlobal(parsed.parts[0] ?? 0);
}

/** An address, no name. */
export const isAddress = (text: string): boolean => ipaddr.isValid(text);

/** This machine. */
export const isLoopback = (address: string): boolean => ipaddr.isValid(address) && ipaddr.parse(address).range() === 'loopback';
