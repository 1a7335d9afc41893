internal import GRDB

/// The ledger's table, version by version.
///
/// A ledger of any earlier version is migrated in place.
enum LedgerSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 jobs") { database in
      try database.create(table: "jobs") { table in
        table.primaryKey("job", .text)
        table.column("id", .text)
        table.column("state", .text).notNull().indexed()
        table.column("service", .text).notNull()
        table.column("baseURL", .text).notNull()
        table.column("input", .text).notNull()
        table.column("inputStart", .double).notNull()
        table.column("inputEnd", .double).notNull()
        table.column("output", .text).notNull()
        table.column("setting", .jsonText).notNull()
        table.column("settingWasAsked", .boolean).notNull()
        table.column("resultURL", .text)
        table.column("completedAt", .datetime)
        table.column("bytes", .integer)
        table.column("credits", .double)
        table.column("usd", .double)
        table.column("verdict", .text)
        table.column("message", .text)
        table.column("created", .datetime).notNull().indexed()
        table.column("updated", .datetime).notNull()
      }
    }
    migrator.registerMigration("2 what was sent, for what price, how far") { database in
      try database.alter(table: "jobs") { table in
        for name in ["model", "audio", "audioFormat", "audioHash", "fingerprint"] {
          table.add(column: name, .text).notNull().defaults(to: "")
        }
        table.add(column: "mayReplace", .boolean).notNull().defaults(to: false)
        table.add(column: "request", .text)
        table.add(column: "batch", .text)
        table.add(column: "price", .double)
        table.add(column: "attempts", .integer).notNull().defaults(to: 0)
        table.add(column: "sealed", .datetime)
        table.add(column: "isInline", .boolean).notNull().defaults(to: false)
        table.add(column: "resultHash", .text)
      }
      try database.create(indexOn: "jobs", columns: ["fingerprint"])
      try database.create(indexOn: "jobs", columns: ["batch", "request"])
      // The first version did not record how much of a request had been sent: it may have been all of it.
      try database.execute(sql: "UPDATE jobs SET sealed = updated WHERE state IN ('submitting', 'ambiguous')")
    }
    migrator.registerMigration("3 under which account") { database in
      // Some ledgers of the second version have the column already.
      guard try !database.columns(in: "jobs").contains(where: { $0.name == "account" }) else { return }
      try database.alter(table: "jobs") { $0.add(column: "account", .text) }
    }
    migrator.registerMigration("4 what was told as a cost and can be none") { database in
      try database.alter(table: "jobs") { $0.add(column: "senselessCost", .text) }
    }
    migrator.registerMigration("5 what of the prompt can be checked") { database in
      try database.alter(table: "jobs") { $0.add(column: "wishes", .jsonText) }
    }
    return migrator
  }
}
