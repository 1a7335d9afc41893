import RepriseService
import Foundation
import RepriseJobs
import RepriseSystem

extension CoverCommand {
  /// A requested cover whose file has no name yet.
  private struct Request {
    let input: String
    let shown: String
    let prompt: String
    let lyrics: String?
    /// Output file named by the user; `nil` if there is none.
    let output: String?
    /// Position in a manifest, for messages.
    var location = ""
  }

  /// Returns the requested covers, checked as far as possible without reading audio.
  ///
  /// - Parameters:
  ///   - inputs: The paths of the recordings.
  ///   - manifest: The manifest; `nil` if there is none.
  ///   - rules: The description of the service.
  /// - Returns: The orders.
  /// - Throws: `CommandError` with exit code 64 for texts outside the service's limits and for colliding outputs.
  func orders(
    of inputs: [String], _ manifest: Manifest? = nil, for rules: ServiceDescription
  ) async throws -> [CoverOrder] {
    let target = try CoverTarget(output)
    if isForMany, case .file(let path) = target { try OutputNames.checkDirectory(path) }
    let texts = try textOptions.texts()
    let (requests, batch) = try requests(of: inputs, manifest, texts)
    let template = target.template
    var orders: [CoverOrder] = []
    for (index, request) in requests.enumerated() {
      let named = request.output ?? (template == nil ? output : nil)
      let (setting, wasAsked) = result(for: named.map { OutputNames.promised(by: $0) } ?? target.namedExtension)
      let values = OutputTemplate.Values(
        name: InputName.stem(of: request.input), prompt: request.prompt, ext: setting.format.rawValue,
        number: index + 1, count: requests.count)
      let names: (@Sendable (Int) -> String)? =
        if named == nil, let template { { template.path(of: values, take: $0) } } else { nil }
      var order = CoverOrder(
        input: request.input, shown: request.shown, output: named ?? names?(1) ?? "",
        brief: try brief(request, setting, wasAsked, rules), setting: setting, replacing: force, again: again,
        batch: batch)
      order.number = index + 1
      order.isByLink = link.byLink
      order.names = names
      order.makesDirectory = names != nil && target.makesDirectory
      orders.append(order)
    }
    if !isForMany {
      for order in orders {
        try OutputGuard.check(
          order.output, isNone: OutputGuard.files(behind: [textOptions.prompt, textOptions.lyrics]))
      }
    }
    return try await OutputAssignment(
      ledger: try KnownLedger.open(), service: rules, changes: changeDescription, skipsExisting: skipExisting
    ).assign(orders)
  }

  private func requests(
    of inputs: [String], _ manifest: Manifest?, _ texts: (prompt: String?, lyrics: String?)
  ) throws -> (requests: [Request], batch: String?) {
    if let manifest, let path = many.manifest {
      let batch = "manifest:" + (try manifest.path ?? Fingerprint.hash(manifest.rows.flatMap(\.texts)))
      let requests = try manifest.rows.map { row in
        let location = "\(Console.printable(path)):\(row.line): "
        guard let prompt = row.prompt ?? texts.prompt else {
          throw CommandError(.usage, location + "has no prompt; fill the column, or give one for all with --prompt")
        }
        return Request(
          input: row.path, shown: row.shownPath, prompt: prompt, lyrics: row.lyrics ?? texts.lyrics, output: row.output,
          location: location)
      }
      return (requests, batch)
    }
    guard let prompt = texts.prompt else { return ([], nil) }
    let requests = inputs.map { Request(input: $0, shown: $0, prompt: prompt, lyrics: texts.lyrics, output: nil) }
    guard isForMany else { return (requests, nil) }
    // The same command continues the same run.
    let names =
      inputs.map(CoverOrder.absolute).sorted() + [prompt, texts.lyrics ?? "", CoverOrder.absolute(output ?? ".")]
    return (requests, "files:" + (try Fingerprint.hash(names)))
  }

  private func brief(
    _ request: Request, _ setting: Contract.AudioSetting, _ wasAsked: Bool, _ rules: ServiceDescription
  ) throws -> CoverBrief {
    let brief = CoverBrief(prompt: request.prompt, lyrics: request.lyrics, setting: wasAsked ? setting : nil)
    do { try brief.validate(for: rules) } catch {
      if request.location.isEmpty { throw error }
      throw CommandError(.usage, request.location + ErrorPresentation.sentence(error))
    }
    return brief
  }

  /// Text of all options that change the result made of a recording.
  private var changeDescription: String {
    let times = [change.start?.seconds, change.end?.seconds, limits.minSeconds, limits.maxSeconds, change.silenceLevel]
    let numbers = times.map { $0.map { "\($0)" } ?? "-" } + ["\(change.fadeIn)", "\(change.fadeOut)"]
    return
      (numbers + [
        "\(change.excerpt?.rawValue ?? "-")", "\(change.trimSilence)", "\(change.noTrim)",
        change.gain?.description ?? "-", change.channels?.description ?? "-",
        change.maxSilence.map { "\($0)" } ?? "-", limits.maxBytes.map(String.init) ?? "-",
      ] + (change.noTags ? ["no-tags"] : [])).joined(separator: " ")
  }

  /// Returns the requested encoding: the options, and the format named by the output's extension.
  private func result(for ext: String?) -> (setting: Contract.AudioSetting, wasAsked: Bool) {
    var setting = setting.setting
    let promised = ext.flatMap { Contract.AudioSetting.Format(rawValue: $0) }
    if let promised { setting.format = promised }
    return (setting, self.setting.wasAsked || promised != nil)
  }
}
