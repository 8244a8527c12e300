/** The little of WebAssembly that is used here; TypeScript has its types only together with the browser's. */
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: {readonly initial: number});
    readonly buffer: ArrayBuffer;
  }
}
