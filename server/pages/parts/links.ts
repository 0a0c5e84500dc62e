/** Short names and paths for the addresses that pages print. */
import { shortKey } from '../../../content/short-key.ts'
import { type Html, html } from '../../html.ts'

/** The path of one of this server's own addresses. */
export const pathOf = (id: string): string => new URL(id).pathname

/** The folders of pages. */
export type Folder = 'outcomes' | 'meetings' | 'sessions' | 'discussions'

/** Where something is read on this server: at its own address, or under its short key when it lives elsewhere. */
export const placeAt = (folder: Folder, id: string, local: boolean): string =>
  local ? pathOf(id) : `/${folder}/${shortKey(id)}`

type Item = { id: string; local: boolean }

export const outcomePlace = ({ id, local }: Item): string => placeAt('outcomes', id, local)
export const meetingPlace = ({ id, local }: Item): string => placeAt('meetings', id, local)
export const sessionPlace = ({ id, local }: Item): string => placeAt('sessions', id, local)
export const discussionPlace = ({ id, local }: Item): string => placeAt('discussions', id, local)

/** One version of an outcome. */
export const versionPlace = (version: {
  outcome: string
  local: boolean
  version: number
}): string => `${placeAt('outcomes', version.outcome, version.local)}/versions/${version.version}`

/** The page of one message. */
export const messagePlace = (message: { outcome: string; local: boolean; key: string }): string =>
  `${placeAt('outcomes', message.outcome, message.local)}/messages/${message.key}`

/** The page of an initiative on an aggregator. */
export const initiativePlace = (id: string): string => `/initiatives/${shortKey(id)}`

export const hostOf = (id: string): string => new URL(id).host

/** The last part of an address: the slug of an item of ours. */
export const slugOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1)

/** A name, address or number that keeps its own direction inside other text. */
export const own = (text: string | number): Html => html`<bdi>${text}</bdi>`
