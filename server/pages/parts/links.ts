/** Short names and paths for the addresses that pages print. */
import { type Html, html } from '../../html.ts'

/** The path of one of this server's own addresses. */
export const pathOf = (id: string): string => new URL(id).pathname

export const hostOf = (id: string): string => new URL(id).host

/** The last part of an address: the slug of an item of ours. */
export const slugOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1)

/** A name, address or number that keeps its own direction inside other text. */
export const own = (text: string | number): Html => html`<bdi>${text}</bdi>`
