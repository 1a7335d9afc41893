import RepriseService
import Foundation
import RepriseJobs
import RepriseSystem

extension CoverCommand {
  /// A cover that is wanted, before its file has a name.
  private struct Wish {
    let input: String
    let shown: String
    let prompt: String
    let lyrics: String?
    /// The file that a person has named.
    let output: String?
    /// Where it stands in a manifest, for messages.
    var place = ""
  }

  /// The covers that are wanted, each checked as far as that goes without looking at audio.
  ///
  /// - Parameter inputs: the recordings.
  /// - Throws: `Trouble` with 64 for words outside the service's limits and outputs that collide.
  func orders(of inputs: [String], for rules: ServiceDescription) async throws -> [CoverOrder] {
    let target = try CoverTarget(output)
    if isForMany, case .file(let path) = target { try OutputNames.checkDirectory(path) }
    let texts = try words.texts()
    let (wishes, batch) = try await wishes(of: inputs, texts)
    let template = target.template
    var orders: [CoverOrder] = []
    for (index, wish) in wishes.enumerated() {
      let named = wish.output ?? (template == nil ? output : nil)
      let (setting, wasAsked) = result(for: named.map { OutputNames.promised(by: $0) } ?? target.namedExtension)
      let values = OutputTemplate.Values(
        name: PathText.stem(of: wish.input), prompt: wish.prompt, ext: setting.format.rawValue, number: index + 1,
        count: wishes.count)
      let names: (@Sendable (Int) -> String)? =
        if named == nil, let template { { template.path(of: values, take: $0) } } else { nil }
      var order = CoverOrder(
        input: wish.input, shown: wish.shown, output: named ?? names?(1) ?? "",
        request: try request(wish, setting, wasAsked, rules), setting: setting, replacing: force, again: again,
        batch: batch)
      order.number = index + 1
      order.names = names
      order.makesDirectory = names != nil && target.makesDirectory
      orders.append(order)
    }
    if !isForMany {
      for order in orders {
        try OutputGuard.check(order.output, isNone: OutputGuard.files(behind: [words.prompt, words.lyrics]))
      }
    }
    return try await placed(orders, rules)
  }

  private func wishes(
    of inputs: [String], _ texts: (prompt: String?, lyrics: String?)
  ) async throws -> (wishes: [Wish], batch: String?) {
    if let path = many.manifest {
      let manifest = try await Manifest.read(path)
      let batch = "manifest:" + (try manifest.path ?? Fingerprint.hash(manifest.rows.flatMap(\.texts)))
      let wishes = try manifest.rows.map { row in
        let place = "\(Console.printable(path)):\(row.line): "
        guard let prompt = row.prompt ?? texts.prompt else {
          throw Trouble(.usage, place + "has no prompt; fill the column, or give one for all by --prompt")
        }
        return Wish(
          input: row.path, shown: row.shownPath, prompt: prompt, lyrics: row.lyrics ?? texts.lyrics, output: row.output,
          place: place)
      }
      return (wishes, batch)
    }
    guard let prompt = texts.prompt else { return ([], nil) }
    let wishes = inputs.map { Wish(input: $0, shown: $0, prompt: prompt, lyrics: texts.lyrics, output: nil) }
    guard isForMany else { return (wishes, nil) }
    // The same command goes on with the same run.
    let names =
      inputs.map(CoverOrder.absolute).sorted() + [prompt, texts.lyrics ?? "", CoverOrder.absolute(output ?? ".")]
    return (wishes, "files:" + (try Fingerprint.hash(names)))
  }

  private func request(
    _ wish: Wish, _ setting: Contract.AudioSetting, _ wasAsked: Bool, _ rules: ServiceDescription
  ) throws -> CoverRequest {
    let request = CoverRequest(
      prompt: wish.prompt, lyrics: wish.lyrics, setting: wasAsked ? setting : nil,
      reference: .file(path: wish.input, format: "mp3"))
    do { try request.validate(for: rules) } catch {
      if wish.place.isEmpty { throw error }
      throw Trouble(.usage, wish.place + Words.sentence(error))
    }
    return request
  }

  /// The orders with the files they go to: those that a person has named first, then each other one beside what is there.
  private func placed(_ orders: [CoverOrder], _ rules: ServiceDescription) async throws -> [CoverOrder] {
    let ledger = try KnownLedger.open()
    var orders = orders
    var taken: [String: CoverOrder] = [:]
    for index in orders.indices where !orders[index].isNamedHere {
      let name = Manifest.outputKey(orders[index].absoluteOutput)
      if let other = taken[name] { throw Self.collision(other, orders[index]) }
      if orders[index].batch != nil { orders[index].key = try key(of: orders[index], rules) }
      orders[index].isSkipped = skipExisting && FileKind(at: orders[index].output) != .nothing
      taken[name] = orders[index]
    }
    for index in orders.indices where orders[index].isNamedHere {
      orders[index] = try await named(orders[index], taken, ledger, rules)
      taken[Manifest.outputKey(orders[index].absoluteOutput)] = orders[index]
    }
    return orders
  }

  /// An order with the name of the first take that is free, or that it has had before.
  private func named(
    _ order: CoverOrder, _ taken: [String: CoverOrder], _ ledger: Ledger?, _ rules: ServiceDescription
  ) async throws -> CoverOrder {
    var order = order
    for take in 1...999 {
      order.output = order.names?(take) ?? order.output
      order.key = try key(of: order, rules)
      if let other = taken[Manifest.outputKey(order.absoluteOutput)] {
        // Another style of one recording may have the same first words; two recordings of one name are for a person to part.
        guard other.absoluteInput == order.absoluteInput else { throw Self.collision(other, order) }
        continue
      }
      let isThere = FileKind(at: order.output) != .nothing
      if skipExisting, isThere {
        order.isSkipped = true
        return order
      }
      let found: OutputOccupation =
        if let ledger, let key = order.key {
          try await ledger.occupation(of: order.absoluteOutput, by: key)
        } else {
          isThere ? .file : .free
        }
      let decision = found.decision(again: again, mayReplace: force, isFree: rules.usdPerCover == 0)
      if decision == .use { return order }
    }
    throw Trouble(
      .inputOutput, "\(Console.printable(order.output)) and 998 other takes are there already; name another -o")
  }

  private func key(of order: CoverOrder, _ rules: ServiceDescription) throws -> String {
    var service = rules
    // Our own service has another port each time.
    if service.name == ServiceDescription.localName { service.baseURL = service.name }
    return try Fingerprint.row(
      recording: order.absoluteInput, order.request, output: order.absoluteOutput, changes: changeWords, at: service)
  }

  /// Everything that changes what is made of a recording.
  private var changeWords: String {
    let times = [change.start?.seconds, change.end?.seconds, limits.minSeconds, limits.maxSeconds, change.silenceLevel]
    let numbers = times.map { $0.map { "\($0)" } ?? "-" } + ["\(change.fadeIn)", "\(change.fadeOut)"]
    return
      (numbers + [
        "\(change.excerpt?.rawValue ?? "-")", "\(change.trimSilence)", "\(change.noTrim)",
        limits.maxBytes.map(String.init) ?? "-",
      ]).joined(separator: " ")
  }

  /// What is asked of the service: the options, and the format that the output's extension promises.
  private func result(for ext: String?) -> (setting: Contract.AudioSetting, wasAsked: Bool) {
    var setting = setting.setting
    let promised = ext.flatMap { Contract.AudioSetting.Format(rawValue: $0) }
    if let promised { setting.format = promised }
    return (setting, self.setting.wasAsked || promised != nil)
  }

  /// Two covers of one name would end in one file.
  private static func collision(_ one: CoverOrder, _ other: CoverOrder) -> Trouble {
    Trouble(
      .usage,
      "\(Console.printable(one.input)) and \(Console.printable(other.input)) would both become"
        + " \(Console.printable(other.output)); number them by {n} in -o, such as -o '{n}-{name}-{style}.{ext}', name the"
        + " outputs in a manifest, or make them in two runs")
  }
}
