/** One call of a run, whichever, and what goes wrong with it. */
import type {Files} from '../../src/system/files.ts';
import type {RunTool} from '../../src/system/tools.ts';
import type {ToolCall} from './call-names.ts';
import {type AnyCall, errnoOf, type FaultName, isRefused, isTool} from './fault-names.ts';
import {below, type Closable, interceptCalls, systemError, tracksHandles} from './faulty-files.ts';
import {loseEnd, nameHalf, type Order, type Spoiling, takesOrders} from './spoil-transfers.ts';

export interface Choice {
  readonly fault: FaultName;
  /** Asked once for each call, in their order, until it says yes. */
  readonly chooses: (call: AnyCall) => boolean;
  /** Folders of the volumes: a fault that stays hits the volume of its call. */
  readonly roots: readonly string[];
}

/** Turns of the event loop without any call of the program after which it stands still: a journal waits for company for 50. */
const STILL_AFTER = 300;

/** Makes one fault in one run. */
export class ChosenFault {
  readonly fault: FaultName;
  /** The call that was hit; undefined while none was. */
  hit: AnyCall | undefined;
  /** Resolves when the program is dead, or stands still behind a call that never returns. */
  readonly died: Promise<void>;
  readonly #choice: Choice;
  readonly #order: Order = {spoiling: undefined};
  readonly #open = new Map<Closable, string>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #never = new Promise<never>(() => {});
  #calls = 0;
  #dead = false;
  #tellDeath: () => void = () => {};

  constructor(choice: Choice) {
    this.fault = choice.fault;
    this.#choice = choice;
    this.died = new Promise((resolve) => {
      this.#tellDeath = resolve;
    });
  }

  wrapFiles(files: Files): Files {
    const spoiled = takesOrders(tracksHandles(files, this.#open), this.#order);
    return interceptCalls(spoiled, (call, proceed) => this.#make(call, proceed));
  }

  wrapTools(run: RunTool): RunTool {
    return async (command, args) => {
      const call: ToolCall = {method: 'tool', path: [command, ...args].join(' ')};
      try {
        return await this.#make(call, () => run(command, args));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return {ok: false, cause: {code: 'exit-1', message, next: 'Try again.'}};
      }
    };
  }

  /** After a death: waits for what the system was doing, and closes the files as it does for a process that ends. */
  async bury(): Promise<void> {
    this.#dead = true;
    await Promise.allSettled(this.#underWay);
    await Promise.allSettled([...this.#open.keys()].map((opened) => opened.close()));
  }

  async #make<T>(call: AnyCall, proceed: () => Promise<T>): Promise<T> {
    if (this.#dead) return this.#never;
    this.#calls += 1;
    if (this.hit === undefined && this.#choice.chooses(call)) {
      this.hit = call;
      return await this.#act(call, proceed);
    }
    if (this.hit !== undefined && this.fault.endsWith('-on')) this.#refuse(this.hit, call);
    return await this.#proceed(proceed);
  }

  async #proceed<T>(proceed: () => Promise<T>): Promise<T> {
    const doing = proceed();
    this.#underWay.add(doing);
    try {
      const value = await doing;
      return this.#dead ? this.#never : value;
    } catch (error) {
      if (this.#dead) return this.#never;
      throw error;
    } finally {
      this.#underWay.delete(doing);
    }
  }

  async #act<T>(call: AnyCall, proceed: () => Promise<T>): Promise<T> {
    const {fault} = this;
    switch (fault) {
      case 'short':
      case 'flips':
        return await this.#proceedOrdered(fault, proceed);
      case 'lies':
        if (call.method === 'write') return await this.#proceedOrdered(fault, proceed);
        return await this.#proceed(async () => {
          const value = await proceed();
          await loseEnd(call.path);
          return value;
        });
      case 'half-named':
        if (!isTool(call)) await nameHalf(call);
        throw errorOf('EIO', call);
      case 'hangs':
        this.#dieWhenStill();
        return this.#never;
      case 'dies-before':
        return this.#die();
      case 'dies-half':
        if (call.method === 'publish') await nameHalf(call);
        else await this.#proceedOrdered(fault, proceed);
        return this.#die();
      case 'dies-after':
        await this.#proceed(proceed);
        return this.#die();
      default:
        // close(2) frees the descriptor even when it reports an error.
        if (call.method === 'close') await this.#proceed(proceed);
        throw errorOf(errnoOf(fault), call);
    }
  }

  /** The opened file below takes the order in the same step. */
  #proceedOrdered<T>(spoiling: Spoiling, proceed: () => Promise<T>): Promise<T> {
    return this.#proceed(() => {
      this.#order.spoiling = spoiling;
      try {
        return proceed();
      } finally {
        this.#order.spoiling = undefined;
      }
    });
  }

  #refuse(first: AnyCall, call: AnyCall): void {
    const root = this.#choice.roots.find((one) => below(one)(first.path));
    if (root === undefined || isTool(call) || !below(root)(call.path)) return;
    if (isRefused(this.fault, call)) throw errorOf(errnoOf(this.fault), call);
  }

  #die(): Promise<never> {
    this.#dead = true;
    this.#tellDeath();
    return this.#never;
  }

  #dieWhenStill(): void {
    let calls = this.#calls;
    let turns = 0;
    const look = () => {
      const moves = this.#underWay.size > 0 || calls !== this.#calls;
      calls = this.#calls;
      turns = moves ? 0 : turns + 1;
      if (turns < STILL_AFTER) setImmediate(look);
      else void this.#die();
    };
    setImmediate(look);
  }
}

function errorOf(errno: string, call: AnyCall): Error {
  return isTool(call) ? new Error(`${errno}: ${call.path}`) : systemError(errno, call);
}
