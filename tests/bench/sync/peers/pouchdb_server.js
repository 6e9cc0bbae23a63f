// express-pouchdb over LevelDB, as in its own documentation. Arguments: folder, file of documents (JSON lines).
const [folder, documents] = process.argv.slice(2)
const fs = require('fs')
const express = require('express')
const PouchDB = require('pouchdb').defaults({ prefix: folder + '/' })
const { randomBytes } = require('crypto')

async function main () {
  const app = express()
  app.use('/', require('express-pouchdb')(PouchDB, {
    mode: 'minimumForPouchDB', configPath: folder + '/config.json', logPath: folder + '/log.txt'
  }))
  const db = new PouchDB('documents')
  const made = fs.readFileSync(documents, 'utf8').trim().split('\n').map(line => {
    const { id, ...rest } = JSON.parse(line)
    return { _id: id, ...rest }
  })
  await db.bulkDocs(made)
  const files = new PouchDB('files')
  for (let number = 0; number < Number(process.argv[4]); number++) {
    const data = randomBytes(1 << 20)
    await files.put({ _id: 'file' + number, _attachments: { it: { content_type: 'application/octet-stream', data } } })
  }
  const server = app.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port))
}

main()
