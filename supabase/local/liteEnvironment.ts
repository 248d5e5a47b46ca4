// Read by @supabase/lite while it is being imported, so this file comes first wherever Lite is imported.
process.env.LITE_TELEMETRY = '0'
process.env.EXPERIMENTAL_STORAGE = '1'
