import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { shellPlugin } from './scripts/shellPlugin.ts'

export default defineConfig({
  plugins: [vue(), shellPlugin()],
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 1200 },
  worker: { format: 'es' },
  // Only the composition API of vue-i18n is used; its old one and its developer tools stay out of the build.
  define: { __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  // maplibre ships its own ES module and worker; pre-bundling it breaks the worker's address.
  optimizeDeps: { exclude: ['maplibre-gl'] },
})
