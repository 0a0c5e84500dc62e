/** An invented WordPress export, always the same for the same number of posts. */

const kinds = ['Messages from the meeting', 'What should we do about tariffs', 'Report of the day']

/** As WordPress writes it: every third post is an outcome with a list under a heading; each has so many comments. */
export function wordpressExport(posts: number, extra = '', comments = 0): string {
  const items = Array.from({ length: posts }, (_, i) => item(i + 1, comments)).join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Coast forum</title><link>https://old.example</link><language>en-US</language>
<wp:author><wp:author_login>noor</wp:author_login><wp:author_display_name>Noor Haddad</wp:author_display_name></wp:author>
${extra}${items}
</channel></rss>`
}

const comment = (n: number) =>
  `<wp:comment><wp:comment_id>${n}</wp:comment_id><wp:comment_author><![CDATA[Reader ${n}]]></wp:comment_author><wp:comment_author_email>r${n}@mail.example</wp:comment_author_email><wp:comment_date_gmt>2012-03-05 10:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[I agree with number ${n}.]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type></wp:comment>`

function item(n: number, comments: number): string {
  const year = 2010 + (n % 15)
  const body = `<!-- wp:paragraph --><p>On day ${n} the people of the coast met and spoke of the price of a connection.</p><!-- /wp:paragraph -->
[caption id="x"]<img src="/pictures/${n}.jpg" alt="Hall ${n}">[/caption]<script>alert(${n})</script>
<h2>Key messages</h2><ol><li>Keep gauge ${n} public.</li><li>Lower the price of the line.</li></ol>`
  const said = Array.from({ length: comments }, (_, i) => comment(n * 10 + i)).join('')
  const plain = `Should gauge ${n} be public?\n\nTell us what you think of the price of a connection.`
  return `<item><title><![CDATA[${kinds[n % 3]} ${n} (${year})]]></title><link>https://old.example/${year}/post-${n}/</link>
<dc:creator><![CDATA[noor]]></dc:creator><guid isPermaLink="false">https://old.example/?p=${n}</guid>
<content:encoded><![CDATA[${n % 3 === 0 ? body : plain}]]></content:encoded>
<wp:post_id>${n}</wp:post_id><wp:post_date_gmt>${year}-03-04 10:00:00</wp:post_date_gmt><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="sdg-9"><![CDATA[SDG 9]]></category><category domain="post_tag" nicename="broadband"><![CDATA[broadband]]></category>${said}</item>`
}
