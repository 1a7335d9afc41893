import CoverService
import Foundation
import Jobs
import Platform

extension CoverCommand {
  /// The covers that are wanted, each checked as far as that goes without looking at audio.
  ///
  /// - Throws: `Trouble` with 64 for words outside the service's limits and outputs that collide.
  func orders(for rules: ServiceDescription) async throws -> [CoverOrder] {
    if let path = many.manifest { return try await manifestOrders(path, for: rules) }
    let texts = try words.texts()
    guard let prompt = texts.prompt else { return [] }
    if !isForMany {
      if isFolder { try checkFolder() }
      let (setting, wasAsked) = result(for: isFolder ? nil : output)
      let input = inputs[0]
      let order = CoverOrder(
        input: input, shown: input,
        output: isFolder
          ? defaultOutput(of: input, in: output, setting) : output ?? defaultOutput(of: input, in: nil, setting),
        request: try request(prompt, texts.lyrics, setting, wasAsked, for: input, rules), setting: setting,
        replacing: force, again: again)
      try OutputGuard.check(order.output, isNone: OutputGuard.files(behind: [words.prompt, words.lyrics]))
      return [order]
    }
    try checkFolder()
    let (setting, wasAsked) = result(for: nil)
    // The same command goes on with the same run.
    let names =
      inputs.map(CoverOrder.absolute).sorted() + [prompt, texts.lyrics ?? "", CoverOrder.absolute(output ?? ".")]
    let batch = "files:" + (try Fingerprint.hash(names))
    let orders = try inputs.map { input in
      CoverOrder(
        input: input, shown: input, output: defaultOutput(of: input, in: output, setting),
        request: try request(prompt, texts.lyrics, setting, wasAsked, for: input, rules), setting: setting,
        replacing: force, again: again, batch: batch)
    }
    try checkCollisions(orders)
    return try keyed(orders, rules)
  }

  private func manifestOrders(_ path: String, for rules: ServiceDescription) async throws -> [CoverOrder] {
    let manifest = try await Manifest.read(path)
    try checkFolder()
    let texts = try words.texts()
    let batch = "manifest:" + (try manifest.path ?? Fingerprint.hash(manifest.rows.flatMap(\.texts)))
    let orders = try manifest.rows.map { row in
      guard let prompt = row.prompt ?? texts.prompt else {
        throw Trouble(
          .usage,
          "\(Console.printable(path)):\(row.line): has no prompt; fill the column, or give one for all by --prompt")
      }
      let (setting, wasAsked) = result(for: row.output)
      do {
        return CoverOrder(
          input: row.path, shown: row.shownPath, output: row.output ?? defaultOutput(of: row.path, in: output, setting),
          request: try request(prompt, row.lyrics ?? texts.lyrics, setting, wasAsked, for: row.path, rules),
          setting: setting, replacing: force, again: again, batch: batch)
      } catch let error as ServiceError {
        throw Trouble(.usage, "\(Console.printable(path)):\(row.line): \(error.message)")
      }
    }
    try checkCollisions(orders)
    return try keyed(orders, rules)
  }

  private func request(
    _ prompt: String, _ lyrics: String?, _ setting: Contract.AudioSetting, _ wasAsked: Bool, for input: String,
    _ rules: ServiceDescription
  ) throws(ServiceError) -> CoverRequest {
    let request = CoverRequest(
      prompt: prompt, lyrics: lyrics, setting: wasAsked ? setting : nil, reference: .file(path: input, format: "mp3"))
    try request.validate(for: rules)
    return request
  }

  private func keyed(_ orders: [CoverOrder], _ rules: ServiceDescription) throws -> [CoverOrder] {
    let changes = changeWords
    return try orders.map { order in
      var order = order
      guard order.batch != nil else { return order }
      var service = rules
      // Our own service has another port each time.
      if service.name == ServiceDescription.localName { service.baseURL = service.name }
      order.key = try Fingerprint.row(
        recording: order.absoluteInput, order.request, output: order.absoluteOutput, changes: changes, at: service)
      return order
    }
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

  /// What is asked of the service: the options, and the format that the output's name promises.
  private func result(for output: String?) -> (setting: Contract.AudioSetting, wasAsked: Bool) {
    var setting = setting.setting
    let promised = OutputNames.promised(by: output).flatMap { Contract.AudioSetting.Format(rawValue: $0) }
    if let promised { setting.format = promised }
    return (setting, self.setting.wasAsked || promised != nil)
  }

  private func defaultOutput(of input: String, in folder: String?, _ setting: Contract.AudioSetting) -> String {
    let name = "\(PathText.stem(of: input))-cover.\(setting.format.rawValue)"
    return folder.map { ($0.hasSuffix("/") ? $0 : $0 + "/") + name } ?? name
  }

  private func checkFolder() throws(Trouble) {
    guard let output else { return }
    switch FileKind(at: output) {
    case .folder: break
    case .nothing:
      throw Trouble(.inputOutput, "\(Console.printable(output)): no such folder; make it first: mkdir -p, then again")
    case .file, .special:
      throw Trouble(.usage, "\(Console.printable(output)): is no folder; several covers want a folder after -o")
    }
  }

  /// Two covers of one name would end in one file.
  private func checkCollisions(_ orders: [CoverOrder]) throws(Trouble) {
    var taken: [String: CoverOrder] = [:]
    for order in orders {
      let name = Manifest.outputKey(order.absoluteOutput)
      if let other = taken[name] {
        throw Trouble(
          .usage,
          "\(Console.printable(other.input)) and \(Console.printable(order.input)) would both become"
            + " \(Console.printable(order.output)); name the outputs in a manifest, or make them in two runs")
      }
      taken[name] = order
    }
  }
}
