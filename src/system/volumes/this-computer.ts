import {hostname, networkInterfaces} from 'node:os';

/** The names and addresses by which this computer can mount its own shares. */
export function namesOfThisComputer(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return [hostname(), ...addresses.map((each) => each.address)].filter((name) => name !== '');
}
