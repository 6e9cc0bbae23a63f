// One desk of PouchDB over LevelDB: first pull, push of changed documents, pull of files. Prints seconds as JSON.
const [url, folder, howMany, salt] = process.argv.slice(2)
const fs = require('fs')
const PouchDB = require('pouchdb').defaults({ prefix: folder + '/' })

async function timed (work) {
  const began = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - began) / 1e9
}

async function main () {
  fs.mkdirSync(folder, { recursive: true })
  const local = new PouchDB('desk')
  const remote = new PouchDB(url + '/documents')
  const pull = await timed(() => local.replicate.from(remote, { batch_size: 1000 }))
  const found = (await local.info()).doc_count
  // Without a checkpoint the first push compares every document: that is no part of a push of a thousand.
  await local.replicate.to(remote, { batch_size: 1000 })
  const rows = (await local.allDocs({ include_docs: true, limit: Number(howMany) })).rows
  await local.bulkDocs(rows.map(row => ({ ...row.doc, text: row.doc.text + ' ' + salt })))
  let written = 0
  const push = await timed(async () => {
    written = (await local.replicate.to(remote, { batch_size: 1000 })).docs_written
  })
  const files = new PouchDB('files')
  const kept = new PouchDB(url + '/files')
  const fetch = await timed(() => files.replicate.from(kept, { batch_size: 10 }))
  console.log(JSON.stringify({ pull, push, fetch, found, written, files: (await files.info()).doc_count }))
  process.exit(0)
}

main()
