import ArgumentParser
import CoverService
import Foundation
import Jobs
import Platform
import Preparation

struct CoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cover",
    abstract: "Make covers: prepare, submit, wait, download, verify.",
    discussion: """
      reprise cover song.wav --prompt "warm acoustic folk, fingerpicked guitar"
      reprise cover song.wav --prompt @style.txt --lyrics @words.txt --format wav
      reprise cover album/*.flac --prompt "dark synthwave" -o covers/ --jobs 3 --max-spend 5
      reprise cover --manifest runs.csv -o covers/

      With a key in AIML_API_KEY, AIMLAPI_API_KEY or AIMLAPI_KEY, or in a file of mode 0600 (see the README), the paid \
      service is asked; without one the cover is made here. The paths of the covers go to stdout.

      A manifest is CSV or JSON Lines with the columns path, prompt, lyrics and output, of which path must be there. The \
      same command goes on with it after whatever ended it; what is done is not made again, and nothing is bought twice.
      """)

  @Argument(help: "The recordings: mp3, wav or flac.")
  var inputs: [String] = []

  @OptionGroup(title: "The words") var words: WordsOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The cover's file; a folder for several. (default: NAME-cover.FORMAT here)", valueName: "path"))
  var output: String?

  @Flag(help: "Replace outputs that exist.")
  var force = false

  @Flag(help: "Submit and return; 'reprise resume' fetches the cover later.")
  var noWait = false

  @Flag(help: "Show the plan, the service and the price; send nothing.")
  var dryRun = false

  @Flag(help: "Buy it even if the same was bought before; of a manifest every row, each time it is run.")
  var again = false

  @Option(help: ArgumentHelp("How long to wait for the service. (default: 1200)", valueName: "seconds"))
  var timeout: Double?

  @OptionGroup(title: "Several covers") var many: ManyOptions
  @OptionGroup(title: "The recording") var change: ChangeOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "The result") var setting: SettingOptions
  @OptionGroup(title: "The service") var service: ServiceOptions
  @OptionGroup(title: "The service") var keys: KeyOptions
  @OptionGroup(title: "Output") var speech: OutputOptions

  /// Whether there is more than one recording, or a list of them.
  var isForMany: Bool { many.manifest != nil || inputs.count > 1 }

  /// Whether -o names a folder.
  var isFolder: Bool { output.map { $0.hasSuffix("/") || FileKind(at: $0) == .folder } ?? false }

  func validate() throws {
    if let timeout, !(0...604_800).contains(timeout) {
      throw ValidationError("--timeout takes 0 to 604800 seconds, not \(timeout)")
    }
    if output == "-" { throw ValidationError("-o -: a cover can't go to stdout; name a file") }
    if inputs.isEmpty && many.manifest == nil {
      throw ValidationError("name a recording, or give a list of them by --manifest")
    }
    if !inputs.isEmpty && many.manifest != nil {
      throw ValidationError("the recordings are in the manifest; leave '\(inputs[0])' or --manifest out")
    }
    if many.manifest == nil && words.prompt == nil {
      throw ValidationError("--prompt TEXT says what the cover should be; it is missing")
    }
    guard !isForMany, !isFolder else { return }
    if let promised = OutputNames.promised(by: output), let name = output {
      guard let made = Contract.AudioSetting.Format(rawValue: promised) else {
        throw ValidationError("-o \(name): covers are made as mp3, wav or pcm, not \(promised); choose another name")
      }
      if let asked = setting.format, asked != made {
        throw ValidationError("-o \(name) is a .\(promised), --format says \(asked.rawValue); change one of them")
      }
    }
  }

  func run() async throws {
    // What was paid for is made and kept, whoever reads the paths.
    Console.outliveReader()
    for input in inputs { try InputPaths.checkNotStdin(input) }
    let choice = try service.choose()
    let rules = try ServiceOptions.rules(of: choice)
    if noWait && choice == .startLocal {
      throw Trouble(
        .usage,
        "--no-wait needs a service that outlives this command: start 'reprise serve' and name it with --service URL, or"
          + " leave --no-wait out")
    }
    // Everything that can be refused is refused before anything is paid for, the outputs too.
    let orders = try await orders(for: rules)
    let key = dryRun ? nil : try keys.key(for: rules)
    if dryRun {
      return try await CoverPreview(preparer: try preparer(rules), rules: rules, speech: speech).show(orders)
    }

    let view = CoverProgressView(quiet: speech.quiet)
    switch choice {
    case .described(let service):
      try await run(orders, at: service, key: key, view: view)
    case .startLocal:
      speech.say(
        self.service.service == nil
          ? "no key is set: the cover is made here, by the local service"
          : "the cover is made here, by the local service")
      try await LocalCover.withService(concurrency: many.jobs ?? 1, onNotes: { view.note($0) }) { baseURL in
        var service = rules
        service.baseURL = baseURL
        try await run(orders, at: service, key: nil, view: view)
      }
    }
  }

  private func run(
    _ orders: [CoverOrder], at service: ServiceDescription, key: APIKey?, view: CoverProgressView
  ) async throws {
    var options = JobRunner.Options()
    options.timeout = timeout
    options.mayReplace = force
    options.stopsWhenSubmitted = noWait
    // One cover that is stopped by hand is not wanted any more; of many the same command goes on.
    if !isForMany { options.givesUpWhenStopped = { Interruption.isByPerson } }
    let ledger = try Ledger(path: Folders.state() + "/jobs.sqlite")
    try await JobFolder.sweep(ledger)
    let desk = CoverDesk(
      ledger: ledger, client: try CoverClient(service: service, key: key), preparer: try preparer(service),
      options: options)
    if isForMany {
      return try await CoverBatch(
        desk: desk, orders: orders, width: many.width(at: service, say: speech.say), maxSpend: many.maxSpend,
        speech: speech
      ).run()
    }
    try await SingleCover(desk: desk, order: orders[0], view: view, speech: speech, maxSpend: many.maxSpend).run()
  }

  private func preparer(_ rules: ServiceDescription) throws -> Preparer {
    Preparer(change: change, limits: try limits.limits(of: rules))
  }
}
