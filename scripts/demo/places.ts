/** The four servers of the demo. The initiatives are invented; none of them exists. */
import type { Config } from '../../server/config.ts'
import type { WrittenFounding } from '../../server/setup.ts'

export interface Place {
  name: string
  role: Config['role']
  /** Added to the first port. */
  port: number
  founding: WrittenFounding
  /** Folder of its Markdown files. */
  content?: string
}

/** The account of the demo, the same on all four. */
export const account = {
  name: 'Noor Halabi',
  email: 'host@demo.example',
  password: 'rivers run to the sea',
}

export const aggregator: Place = {
  name: 'river',
  role: 'aggregator',
  port: 0,
  founding: {
    name: { en: 'The River: messages of all initiatives', ar: 'النهر: رسائل كل المبادرات' },
    acronym: 'River',
    kind: 'global',
    languages: ['en', 'ar'],
    summary: {
      en: 'A demonstration of an aggregator. It gathers what initiatives publish, checks where it comes from, and makes it searchable.',
      ar: 'عرض لمجمِّع يجمع ما تنشره المبادرات ويتحقق من مصدره ويتيح البحث فيه.',
    },
  },
}

export const initiatives: Place[] = [
  {
    name: 'coast',
    role: 'node',
    port: 1,
    content: 'coast',
    founding: {
      name: {
        en: 'Silver Coast Internet Governance Forum',
        fr: 'Forum de la Côte d’Argent sur la gouvernance de l’Internet',
      },
      acronym: 'SCIGF',
      kind: 'sub_regional',
      countries: ['SN', 'GM', 'GW', 'CV'],
      scope: { en: 'The Silver Coast', fr: 'La Côte d’Argent' },
      languages: ['en', 'fr'],
      summary: {
        en: 'An invented initiative, for this demonstration: harbour towns that talk about cables, schools and small boats.',
      },
      accent: '#1d5fa8',
      established: 2019,
    },
  },
  {
    name: 'oases',
    role: 'node',
    port: 2,
    content: 'oases',
    founding: {
      name: { ar: 'منتدى الواحات لحوكمة الإنترنت', en: 'Oases Internet Governance Forum' },
      acronym: 'OIGF',
      kind: 'regional',
      countries: ['EG', 'LY', 'DZ'],
      scope: { ar: 'بلدان الواحات', en: 'The countries of the oases' },
      languages: ['ar', 'en'],
      summary: {
        ar: 'مبادرة متخيَّلة لهذا العرض: واحات تتحدث عن الشبكات والشمس والمحتوى المحلي.',
        en: 'An invented initiative, for this demonstration.',
      },
      accent: '#8a5a00',
      established: 2023,
    },
  },
  {
    name: 'valley',
    role: 'node',
    port: 3,
    content: 'valley',
    founding: {
      name: { zh: '长谷青年互联网治理论坛', en: 'Long Valley Youth Internet Governance Forum' },
      acronym: 'LV-YIGF',
      kind: 'youth',
      countries: ['KZ', 'KG'],
      scope: { zh: '长谷', en: 'The Long Valley', ru: 'Долгая долина' },
      languages: ['zh', 'en', 'ru'],
      summary: {
        en: 'An invented youth initiative, for this demonstration.',
        zh: '为本演示虚构的青年倡议。',
      },
      accent: '#6b2fa0',
      established: 2025,
    },
  },
]
