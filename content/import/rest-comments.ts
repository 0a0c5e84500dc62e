/** Comments as WordPress's REST API gives them to everybody: those that were approved, without addresses of people. */
import * as z from 'zod'
import { commenter, COMMENTS_MAX, instantIn, type PostComment } from './posts.ts'

/** Letters of all comments of a site that are kept while its posts are read. */
const LETTERS_MAX = 20_000_000
const COMMENT_LETTERS_MAX = 20_000

const RestComment = z.object({
  id: z.number().int(),
  post: z.number().int(),
  parent: z.number().int().default(0),
  author_name: z.string().default(''),
  date_gmt: z.string().nullish(),
  content: z.object({ rendered: z.string() }),
  status: z.string().default('approved'),
  type: z.string().default('comment'),
})

/** The comments of a site, by the number of their post. */
export interface RestComments {
  byPost: Map<number, PostComment[]>
  letters: number
}

export const noComments = (): RestComments => ({ byPost: new Map(), letters: 0 })

/** Take in one page of `/wp-json/wp/v2/comments`; answers how many stood there, 0 when no more are kept. */
export function takeComments(body: unknown, into: RestComments): number {
  const list = z.array(z.unknown()).safeParse(body).data ?? []
  for (const each of list) {
    const { data } = RestComment.safeParse(each)
    if (data && data.status === 'approved' && data.type === 'comment') takeComment(data, into)
  }
  return into.letters > LETTERS_MAX ? 0 : list.length
}

function takeComment(rest: z.infer<typeof RestComment>, into: RestComments): void {
  const { id, post, parent, author_name, date_gmt, content } = rest
  const held = into.byPost.get(post) ?? []
  if (held.length >= COMMENTS_MAX) return
  const html = content.rendered.slice(0, COMMENT_LETTERS_MAX)
  into.letters += html.length
  const published = instantIn(date_gmt ?? undefined)
  const author = commenter(author_name)
  const comment: PostComment = {
    ...{ id: String(id), author, html },
    ...(published ? { published } : {}),
    ...(parent > 0 ? { parent: String(parent) } : {}),
  }
  into.byPost.set(post, [...held, comment])
}
