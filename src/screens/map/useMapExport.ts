import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { LEVEL_GLYPH, LEVELS } from '../../map/levels'
import type { Palette } from '../../map/palette'
import { composePoster, download } from '../../map/poster'

/** 导出图片: the map with title, date, legend and source, as a PNG. */
export function useMapExport(options: {
  snapshot: () => Promise<HTMLCanvasElement> | undefined
  /** Name of what is shown. */
  name: () => string
  date: () => Date
  palette: () => Palette
  ground: () => string
  hidden: () => readonly string[]
  font: string
}) {
  const { t, locale } = useI18n()
  const exporting = ref(false)
  const failed = ref(false)

  async function run(): Promise<void> {
    exporting.value = true
    failed.value = false
    const when = options.date()
    const picture = await options.snapshot()
    const blob =
      picture &&
      (await composePoster(
        picture,
        {
          title: t('map.posterTitle', { name: options.name() }),
          subtitle: t('map.asOf', {
            time: new Intl.DateTimeFormat(locale.value, { dateStyle: 'full', timeStyle: 'short' }).format(when),
          }),
          legend: LEVELS.filter((level) => !options.hidden().includes(String(level))).map((level) => ({
            colour: options.palette().risk[level],
            glyph: LEVEL_GLYPH[level],
            word: t(`map.levelLong.${level}`),
          })),
          source: t('map.posterSource', { ground: options.ground() }),
        },
        options.font,
      ))
    exporting.value = false
    failed.value = !blob
    const date = when.toLocaleDateString('sv-SE') // yyyy-mm-dd, which sorts
    if (blob) download(blob, `${t('map.posterFile', { name: options.name(), date })}.png`)
  }
  return { exporting, failed, run }
}
