/** Every address of this server, in one place: the ids on the wire are the addresses of the pages. */
type Origin = { origin: string }

/** The initiative (a Group), or the aggregator itself: what the world follows. */
export const groupId = ({ origin }: Origin) => `${origin}/actor`
/** The server's own actor (an Application, FEP-2677): it signs every GET. */
export const serverId = ({ origin }: Origin) => `${origin}/server`
export const personId = ({ origin }: Origin, name: string) => `${origin}/people/${name}`

export const inboxOf = ({ origin }: Origin) => `${origin}/inbox`
export const outboxOf = (actor: string) => `${actor}/outbox`
export const followersOf = (actor: string) => `${actor}/followers`
export const followingOf = (actor: string) => `${actor}/following`

export const outcomeId = ({ origin }: Origin, slug: string) => `${origin}/outcomes/${slug}`
export const versionId = (outcome: string, version: number) => `${outcome}/versions/${version}`
export const messageId = (outcome: string, key: string) => `${outcome}/messages/${key}`
export const meetingId = ({ origin }: Origin, slug: string) => `${origin}/meetings/${slug}`
/** The Note that announces a meeting where events are not shown. */
export const announcementOf = (meeting: string) => `${meeting}/announcement`
export const sessionId = ({ origin }: Origin, slug: string) => `${origin}/sessions/${slug}`
export const discussionId = ({ origin }: Origin, slug: string) => `${origin}/discussions/${slug}`
export const callId = ({ origin }: Origin, slug: string) => `${origin}/calls/${slug}`
/** The Notes that tell of a call for issues: that it is open, and that it closes soon; then `-2`, `-3` … when it is told anew. */
export const tellingOf = (call: string, telling: 'opened' | 'closing', number = 1) =>
  `${call}/${telling === 'opened' ? 'announcement' : 'reminder'}${number === 1 ? '' : `-${number}`}`
/** The call that such a Note tells of. */
export const calledIn = (note: string): string | undefined =>
  /^(.+\/calls\/[^/]+)\/(?:announcement|reminder)(?:-\d+)?$/.exec(note)?.[1]
export const proposalId = (call: string, key: string) => `${call}/proposals/${key}`
export const contributionId = ({ origin }: Origin, slug: string) =>
  `${origin}/contributions/${slug}`

/** The collections that belong to an item. */
export const repliesOf = (item: string) => `${item}/replies`
export const contextOf = (item: string) => `${item}/context`
export const historyOf = (outcome: string) => `${outcome}/history`

/** Each key has an id of its own, also after others: `#main-key`, `#main-key-2`, … Never a query string: some cut it off. */
export const rsaKeyId = (actor: string, number = 1) =>
  `${actor}#main-key${number === 1 ? '' : `-${number}`}`
/** A new Ed25519 key gets a new id, so that an old document still finds the old key. */
export const proofKeyId = (actor: string, multibase: string) => `${actor}#${multibase}`

/** The name of our log in its checkpoints (C2SP tlog-checkpoint: an address without its scheme). */
export const logName = ({ origin }: Origin) => new URL(origin).host
/** Where the log of a server is served. */
export const consistencyOf = (origin: string, from: number, size: number) =>
  `${origin}/log/consistency?from=${from}&size=${size}`
/** The head of a log as a witness has signed it (C2SP tlog-cosignature), by the name of the log. */
export const cosignedAt = (witness: string, log: string) =>
  `${witness}/log/cosigned?log=${encodeURIComponent(log)}`
/** That an entry stands in a log, by activity or outcome version. */
export const proofAt = (origin: string, entry: string) =>
  `${origin}/log/proof?entry=${encodeURIComponent(entry)}`
/** An entry of a log, by activity or outcome version, with all it takes to check it. */
export const bundleAt = (origin: string, entry: string) =>
  `${origin}/log/bundle?entry=${encodeURIComponent(entry)}`

export const activityId = ({ origin }: Origin, unique: string) => `${origin}/activities/${unique}`

/** The Note that an activity of ours tells, where it is about nothing that has a page. */
export const bulletinOf = (activity: string) => `${activity}/note`

export const originOf = (id: string) => new URL(id).origin
