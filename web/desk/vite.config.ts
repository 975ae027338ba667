import { defineConfig } from 'vite';

// The bundle is served by briefd from its own binary under a policy that allows scripts and styles of
// this origin only: nothing inline, no data: but small pictures, no module preload helper.
export default defineConfig({
  base: './', // whatever prefix a proxy puts before /desk/
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    sourcemap: false,
  },
});
