import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [vue()],
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 1200 },
  worker: { format: 'es' },
  // maplibre ships its own ES module and worker; pre-bundling it breaks the worker's address.
  optimizeDeps: { exclude: ['maplibre-gl'] },
})
