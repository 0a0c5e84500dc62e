/** Comments of an older site, brought in with the post they were made to. Pure. */
import { checked } from './checked.ts'
import type { Doing, Tell } from './doing.ts'
import type { PostComment } from './import/posts.ts'
import { paragraphs } from './import/html.ts'
import { Contribution, type Discussion } from './model.ts'
import type { By } from './outcomes.ts'
import { shortKey } from './short-key.ts'
import { foreignHtml, plainText } from './text.ts'

export interface Bringing {
  /** The post's own address at its source. */
  address: string
  /** The id here for a comment's name. */
  idOf: (slug: string) => string
}

/**
 * Contributions to the discussion that a post has become. Their authors have no account here and have signed
 * nothing: so the initiative says them, names who wrote them and when, and each is marked. No address of a person
 * is kept. The same comment of the same post always has the same id.
 */
export function bringComments(
  comments: PostComment[],
  discussion: Discussion,
  { address, idOf }: Bringing,
  { actor, at }: By,
): Doing {
  const brought = /^https?:\/\//.test(address) ? { from: address } : {}
  const known = new Map<string, string>()
  const items = inOrder(comments).flatMap((comment) => {
    const { published = discussion.published, parent = '' } = comment
    const html = foreignHtml(paragraphs(comment.html))
    if (html === '' || known.has(comment.id)) return []
    const inReplyTo = known.get(parent) ?? discussion.id
    const id = idOf(`comment-${shortKey(`${address} ${comment.id}`)}`)
    known.set(comment.id, id)
    return checked(Contribution, {
      ...{ id, type: 'contribution', local: true, visibility: 'shown', tags: {} },
      ...{ initiative: discussion.initiative, language: discussion.language },
      ...{ about: discussion.id, inReplyTo },
      ...{ author: actor, authorName: comment.author, authorHandle: '' },
      ...{ text: plainText(html), html, published: published < at ? published : at },
      brought,
    })
  })
  const tell: Tell[] = items.map(({ id }) => ({ verb: 'create', item: id, actor, at, quiet: true }))
  return { put: { items }, tell }
}

/** As they were numbered: what is answered stands before its answers, for whoever reads them one by one. */
const inOrder = (comments: PostComment[]): PostComment[] =>
  comments.toSorted((a, b) => Number(a.id) - Number(b.id))
