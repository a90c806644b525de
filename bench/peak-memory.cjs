// Loaded before a program: when that ends, its peak memory is the last line it prints.
const { writeSync } = require('node:fs');

process.on('exit', () => writeSync(1, `peak memory: ${process.resourceUsage().maxRSS} kB\n`));
