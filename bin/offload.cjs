#!/usr/bin/env node
// Two settings must stand before the first module of the program is loaded:
// - React's development build keeps measurements of every frame for ever.
// - A slow drive may hold one pool thread for each write, flush and read in flight; the others need threads too. The pool is made once.
process.env.NODE_ENV ??= 'production';
process.env.UV_THREADPOOL_SIZE ??= '16';
import('../dist/src/cli.js').catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
