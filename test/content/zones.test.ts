/** Times on the clocks of a place, and the same moments in UTC. */
import { expect } from 'chai'
import { instantOf, localTime } from '../../content/zones.ts'

const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Kiritimati']

describe('a time on a clock', () => {
  it('is the moment at which the clocks of that place show it', () => {
    expect(instantOf('2026-05-03T14:00', 'Africa/Nairobi')).to.equal('2026-05-03T11:00:00.000Z')
    expect(instantOf('2026-05-03 14:00', 'Asia/Kathmandu')).to.equal('2026-05-03T08:15:00.000Z')
    expect(instantOf('2026-05-03T00:00', 'Pacific/Kiritimati')).to.equal('2026-05-02T10:00:00.000Z')
    expect(localTime('2026-05-02T10:00:00.000Z', 'Pacific/Kiritimati')).to.equal('2026-05-03T00:00')
  })

  it('does not exist where clocks are set forward, and is the first of two where they are set back', () => {
    expect(instantOf('2026-03-29T01:59', 'Europe/Berlin')).to.equal('2026-03-29T00:59:00.000Z')
    expect(instantOf('2026-03-29T02:30', 'Europe/Berlin')).to.equal(undefined)
    expect(instantOf('2026-03-29T03:00', 'Europe/Berlin')).to.equal('2026-03-29T01:00:00.000Z')
    expect(instantOf('2026-10-25T02:30', 'Europe/Berlin')).to.equal('2026-10-25T00:30:00.000Z')
    expect(instantOf('2026-10-25T03:00', 'Europe/Berlin')).to.equal('2026-10-25T02:00:00.000Z')
    expect(instantOf('2026-11-01T00:01', 'America/St_Johns')).to.equal('2026-11-01T02:31:00.000Z')
  })

  it('comes back as it was typed, hour by hour through a year', () => {
    for (const zone of zones) {
      for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 7 * 3600_000) {
        const shown = localTime(new Date(ms).toISOString(), zone)
        const at = instantOf(shown, zone) ?? ''
        expect(localTime(at, zone)).to.equal(shown)
        expect(ms - Date.parse(at)).to.be.oneOf([0, 3600_000])
      }
    }
  })

  it('is nothing when it is no time', () => {
    for (const typed of [
      '',
      'tomorrow',
      '2026-02-30T10:00',
      '2026-05-03T24:00',
      '2026-05-03',
      '03.05.2026 14:00',
    ])
      expect(instantOf(typed, 'UTC'), typed).to.equal(undefined)
  })
})
