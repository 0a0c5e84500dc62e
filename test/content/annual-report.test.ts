/** What an annual report counts, what it never tells, and what of it a host can change. */
import { expect } from 'chai'
import {
  type AnnualReport,
  beginReport,
  changedBy,
  counted,
  type Filled,
  isEdited,
  publishReport,
  refill,
  sectionNames,
  writeReport,
} from '../../content/annual-report.ts'
import { proseBlocks } from '../../content/blocks.ts'
import type { Draft, Session, Version } from '../../content/model.ts'
import { tellable, told, toldParticipation } from '../../content/participation.ts'
import { refusalOf } from '../store/refused.ts'
import { at, by, origin } from './written.ts'

const held = {
  meetings: [],
  sessions: [],
  discussions: [],
  outcomes: [],
  messages: [],
  contributions: [],
}
const filled = (text = ''): Filled =>
  Object.fromEntries(sectionNames.map((name) => [name, text])) as Filled

const begun = (texts = filled('Counted')): AnnualReport =>
  beginReport(
    {
      id: `${origin}/reports/2026`,
      outcome: `${origin}/outcomes/annual-report-2026`,
      year: 2026,
      language: 'en',
      title: 'Annual report',
      figures: counted(held),
      filled: texts,
    },
    at(1),
  ).put?.annualReports?.[0] as AnnualReport

describe('figures of a programme', () => {
  it('count every transcript, whether more than its address is known of it or not', () => {
    const session = (transcript: object) => ({ sessionType: 'workshop', ...transcript }) as Session
    const sessions = [
      session({ transcriptUrl: 'https://text.example/1' }),
      session({ transcript: { url: 'https://text.example/2', authoritative: false } }),
      session({}),
    ]
    expect(counted({ ...held, sessions }).sessions.transcribed).to.equal(2)
  })
})

describe('figures of a meeting', () => {
  it('under 5 are never told, nor is one from which a smaller could be reckoned', () => {
    expect(told({ women: 60, men: 37, others: 3 }, 100)).to.deep.equal({
      women: 60,
      men: 'withheld',
      others: '<5',
    })
    expect(told({ women: 60, men: 30, others: 3 }, 100)).to.include({ men: 30, others: '<5' })
    expect(told({ a: 3, b: 2, c: 95 }, 100)).to.deep.equal({ a: '<5', b: '<5', c: 95 })
    expect(told({ women: 60, men: 40 }, 100)).to.deep.equal({ women: 60, men: 40 })
    expect(toldParticipation({ total: 4, youth: 0 })).to.include({ total: '<5', youth: '<5' })
  })

  it('leave the node only as far as they are told', () => {
    const figures = { total: 100, onsite: 97, online: 3, countries: { GM: 80, SN: 2, ML: 1 } }
    expect(tellable(figures)).to.deep.equal({ total: 100, countries: { GM: 80 } })
    expect(JSON.stringify(counted(held))).not.to.include('undefined')
  })
})

describe('an annual report', () => {
  it('stays as the host wrote it until the host says what to replace', () => {
    const written = writeReport(begun(), { title: 'Ours', texts: { team: 'Mine' } }, at(2)).put
    const report = written?.annualReports?.[0] as AnnualReport
    expect(report.sections.filter(isEdited).map(({ name }) => name)).to.deep.equal(['team'])
    const now = filled('Counted anew')
    expect(changedBy(report, now)).to.have.length(sectionNames.length)
    const figures = counted(held)
    const renewed = refill(report, { filled: now, figures, replace: ['programme'] }, at(3)).put
    const after = renewed?.annualReports?.[0] as AnnualReport
    const text = (name: string) => after.sections.find((each) => each.name === name)
    expect(text('programme')).to.include({ markdown: 'Counted anew', countedAt: at(3) })
    expect(text('team')).to.include({ markdown: 'Mine', countedAt: at(1) })
    expect(changedBy(report, filled(''))).to.deep.equal([])
  })

  it('becomes one signed outcome, whose lists and tables are no messages', () => {
    const markdown = '## One\n\n- a list\n- of two\n\n| A | B |\n| - | - |\n| 1 | 2 |'
    const publication = { markdown, summary: 'S', slug: 'annual-report-2026', initiative: origin }
    const { put, tell } = publishReport(begun(), publication, by(4))
    const [version] = put?.versions as Version[]
    expect(version?.statements).to.deep.equal([])
    expect(version?.texts.en?.blocks.map(({ kind }) => kind)).to.deep.equal([
      'heading',
      'prose',
      'prose',
    ])
    expect(version?.texts.en?.blocks[1]?.html).to.include('<li>a list</li>')
    expect(tell?.[0]?.verb).to.equal('create')
    expect(put?.annualReports?.[0]?.published).to.include({ version: 1, at: at(4) })
    expect(proseBlocks(markdown)).to.have.length(3)
  })

  it('is corrected with a reason only, and not published empty', async () => {
    const publication = {
      markdown: 'Text',
      summary: '',
      slug: 'annual-report-2026',
      initiative: origin,
    }
    const { put } = publishReport(begun(), publication, by(4))
    const draft = put?.drafts?.[0] as Draft
    const again = () => publishReport(begun(), publication, by(5), draft)
    expect((await refusalOf(again)).mistakes[0]?.field).to.equal('reason')
    const reasoned = publishReport(begun(), { ...publication, reason: 'A slip' }, by(5), draft)
    expect(reasoned.put?.versions?.[0]).to.include({ version: 2, state: 'corrected' })
    const empty = () => publishReport(begun(), { ...publication, markdown: ' ' }, by(5))
    expect((await refusalOf(empty)).reason).to.equal('invalid')
  })
})
