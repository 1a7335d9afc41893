import ArgumentParser
import RepriseAnalysis
import RepriseAudio
import RepriseService
import Foundation
import RepriseJobs
import RepriseSystem
import ReprisePreparation

struct CoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cover",
    abstract: "Make covers: prepare, submit, wait, download, verify.",
    discussion: """
      reprise cover song.wav --prompt "warm acoustic folk, fingerpicked guitar"
      reprise cover song.wav --prompt @style.txt --lyrics @lyrics.txt --format wav
      reprise cover album/ --prompt synthwave -o covers/ --jobs 3 --max-spend 5
      reprise cover song.wav --prompt jazz -o 'covers/{name}-{style}.{ext}'
      reprise cover --manifest runs.csv -o covers/

      With a key in AIML_API_KEY, AIMLAPI_API_KEY or AIMLAPI_KEY, or in a file of mode 0600 (see the README), the paid \
      service is used; without one, a local service makes the cover. The paths of the covers go to stdout.

      Where -o names no file, a cover is named after its recording and the first words of its prompt, song-dark-synthwave.mp3; \
      another one of that name is song-dark-synthwave-2.mp3. In -o, {name} is the recording's name without its extension, \
      {style} the prompt's first words, {ext} the format, {take} the number of the take and {n} that of the cover in its run; \
      {{ and }} are braces. Directories that -o names by a / at their end or in a template are created.

      A directory stands for the audio files in it, at any depth; other files in it, and covers made before, are left out.

      A manifest is CSV or JSON Lines with the columns path, prompt, lyrics and output, of which path must be there; it \
      may be an http(s) URL. The \
      same command continues after any interruption; finished covers are not made again, and nothing is bought twice.
      """)

  @Argument(help: "The recordings: files, http(s) URLs, or - for stdin; a directory stands for the files in it.")
  var inputs: [String] = []

  @OptionGroup(title: "Prompt and lyrics") var textOptions: TextOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The cover's file, a directory, or a template of {name} {style} {ext} {take} {n}. (default: {name}-{style}.{ext})",
      valueName: "path"))
  var output: String?

  @Flag(help: "Replace outputs that exist.")
  var force = false

  @Flag(help: "Skip covers whose output exists; make the others.")
  var skipExisting = false

  @Flag(help: "Submit and return; 'reprise resume' fetches the cover later.")
  var noWait = false

  @Flag(help: "Show the plan, the service and the price; send nothing.")
  var dryRun = false

  @Flag(help: "Buy the cover even if the same one was bought before; with a manifest, every row on every run.")
  var again = false

  @Option(help: ArgumentHelp("Time to wait for the service. (default: 1200)", valueName: "seconds"))
  var timeout: Double?

  @OptionGroup(title: "Several covers") var many: ManyOptions
  @OptionGroup(title: "The recording") var change: ChangeOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Limits") var fetch: FetchOptions
  @OptionGroup(title: "The recording") var link: LinkOption
  @OptionGroup(title: "The result") var setting: SettingOptions
  @OptionGroup(title: "The service") var service: ServiceOptions
  @OptionGroup(title: "The service") var keys: KeyOptions
  @OptionGroup(title: "Output") var speech: OutputOptions

  /// `true` if there are several recordings, a list of them, or a directory.
  var isForMany: Bool {
    many.manifest != nil || inputs.count > 1 || inputs.contains { FileKind(at: $0) == .directory }
  }

  func validate() throws {
    if let timeout, !(0...604_800).contains(timeout) {
      throw ValidationError("--timeout takes 0 to 604800 seconds, not \(NumberText.plain(timeout))")
    }
    try OutputGuard.checkNamed(output, "-o")
    if output == "-" { throw ValidationError("-o -: a cover can't go to stdout; name a file") }
    if inputs.isEmpty && many.manifest == nil {
      throw ValidationError("name a recording, or give a list of them with --manifest")
    }
    if !inputs.isEmpty && many.manifest != nil {
      throw ValidationError("the recordings are in the manifest; leave '\(inputs[0])' or --manifest out")
    }
    if many.manifest == nil, let message = MisplacedPrompt.explanation(inputs, prompt: textOptions.prompt) {
      throw ValidationError(message)
    }
    if many.manifest == nil && textOptions.prompt == nil {
      throw ValidationError("--prompt TEXT says what the cover should be; it is missing")
    }
    if skipExisting && force {
      throw ValidationError("--skip-existing leaves files alone and --force replaces them; leave one of them out")
    }
    if skipExisting && again {
      throw ValidationError("--skip-existing makes no second cover and --again does; leave one of them out")
    }
    if case .file(let path) = try CoverTarget(output), AudioFileName.isAudio(path),
      OutputNames.promised(by: path) == nil
    {
      throw ValidationError(
        "-o \(Console.printable(path)): covers are made as mp3, wav or pcm; choose another name")
    }
    if let promised = try CoverTarget(output).namedExtension, let name = output.map(Console.printable) {
      guard let made = Contract.AudioSetting.Format(rawValue: promised) else {
        // A template may have any extension, including those of no format.
        guard FileFormat(rawValue: promised) != nil else { return }
        throw ValidationError("-o \(name): covers are made as mp3, wav or pcm, not \(promised); choose another name")
      }
      if let asked = setting.format, asked != made {
        throw ValidationError("-o \(name) is a .\(promised), --format says \(asked.rawValue); change one of them")
      }
    }
  }

  func run() async throws {
    // Paid covers are made and kept even if nobody reads the paths.
    Console.outliveReader()
    var manifest: Manifest?
    if let path = many.manifest { manifest = try await Manifest.read(path) }
    let recordings = inputs + (manifest?.rows.map(\.path) ?? [])
    try link.check(recordings, for: try ServiceOptions.rules(of: try service.choose()))
    if inputs.contains("-"), [textOptions.prompt, textOptions.lyrics].contains("@-") {
      throw CommandError(.usage, "-: stdin can be read once only; put the text into a file")
    }
    try await fetch.fetching(recordings, isQuiet: speech.quiet) { try await coverAll(manifest) }
  }

  private func coverAll(_ manifest: Manifest?) async throws {
    let choice = try service.choose()
    let rules = try ServiceOptions.rules(of: choice)
    if noWait && choice == .startLocal {
      throw CommandError(
        .usage,
        "--no-wait needs a service that outlives this command: start 'reprise serve' and name it with --service URL, or"
          + " leave --no-wait out")
    }
    // Everything that can be refused, including the outputs, is refused before anything is paid for. A file named
    // explicitly is used whatever its content.
    let known = isForMany && many.manifest == nil ? KnownCovers(of: try await KnownLedger.jobs()) : KnownCovers()
    let found = try await CoverInputs(inputs, known: known)
    if many.manifest == nil && found.files.isEmpty { throw nothingToCover(found.leftOut) }
    let orders = try await orders(of: found.files, manifest, for: rules)
    if orders.isEmpty { throw nothingToCover(nil) }
    if let message = found.leftOut { speech.say(message) }
    if let message = try nameThatMisleads() { speech.say(message) }
    if isForMany, let message = MissingRecordings.warning(missing(of: orders), of: orders.count) {
      Console.say(message)
    }
    if let message = setting.idleBitRate(try CoverTarget(output).namedExtension) { speech.say(message) }
    let key = dryRun ? nil : try keys.key(for: rules)
    if dryRun {
      return try await CoverPreview(preparer: try preparer(rules), rules: rules, speech: speech).show(orders)
    }
    let directories = NewDirectories()
    defer { directories.removeEmpty() }
    let notes = NoteReceiver()
    switch choice {
    case .described(let service):
      try await run(
        orders, at: service, key: key, width: many.width(at: service, say: speech.say), directories, Announcement(nil),
        notes)
    case .startLocal:
      let width = isForMany ? min(many.width(at: rules, say: speech.say), orders.count) : 1
      let announcement = Announcement(try outputNotice(orders.count))
      try await TransientLocalService.run(rules, concurrency: width, onNotes: { notes.note($0) }) { service in
        try await run(orders, at: service, key: nil, width: width, directories, announcement, notes)
      }
    }
    if found.hadFailures { throw ExitStatus.noInput }
  }

  /// Returns the recordings of orders that are not there.
  ///
  /// A name that is not UTF-8 is found only when its directory is searched.
  private func missing(of orders: [CoverOrder]) -> [String] {
    orders.filter {
      !$0.isSkipped && !StandIns.has($0.input) && FileKind(at: $0.input) == .nothing
        && !$0.input.unicodeScalars.contains("\u{FFFD}")
    }.map(\.shown)
  }

  /// Returns a message on an -o whose extension is that of another kind of file.
  private func nameThatMisleads() throws -> String? {
    guard case .file(let path) = try CoverTarget(output) else { return nil }
    let format = setting.setting.format.rawValue
    return OutputNames.misleading(path, "the cover in it is \(format)", formats: ["mp3", "wav", "pcm"])
  }

  private func nothingToCover(_ leftOut: String?) -> CommandError {
    let names = (inputs + [many.manifest].compactMap(\.self)).map(Console.printable).joined(separator: ", ")
    return CommandError(.noInput, "no recordings in \(names)" + (leftOut.map { " (\($0))" } ?? ""))
  }

  /// Returns the announcement that covers are made locally, with the reason.
  private func outputNotice(_ count: Int) throws -> String {
    let what =
      count == 1 ? "the cover is made here, by the local service" : "the covers are made here, by the local service"
    let isByDefault = try service.service == nil && ServiceCatalogue.load().preferred == nil
    let remark = ModelsText.remark(.installed(), environment: CommandContext.current.variables)
    return [isByDefault ? "no key is set: \(what)" : what, remark].compactMap(\.self).joined(separator: "\n")
  }

  private func run(
    _ orders: [CoverOrder], at service: ServiceDescription, key: APIKey?, width: Int, _ directories: NewDirectories,
    _ announcement: Announcement, _ notes: NoteReceiver
  ) async throws {
    var options = JobRunner.Options()
    options.timeout = timeout
    options.mayReplace = force
    options.stopsWhenSubmitted = noWait
    // A single cover stopped by hand is no longer wanted; many covers are continued by the same command.
    if !isForMany { options.givesUpWhenStopped = { Interruption.isByPerson } }
    let ledger = try Ledger(path: Ledger.usualPath)
    try await JobDirectory.sweep(ledger)
    let session = CoverSession(
      ledger: ledger, client: try CoverClient(service: service, key: key), preparer: try preparer(service),
      options: options, directories: directories)
    if isForMany {
      let batch = CoverBatch(session: session, orders: orders, width: width, maxSpend: many.maxSpend)
      return try await ShownBatch(batch: batch, speech: speech, announcement: announcement, notes: notes).run()
    }
    try await SingleCover(
      session: session, order: orders[0], view: CoverProgressView(quiet: speech.quiet), speech: speech,
      maxSpend: many.maxSpend, announcement: announcement, notes: notes
    ).run()
  }

  private func preparer(_ rules: ServiceDescription) throws -> AudioPreparer {
    AudioPreparer(change: change, limits: try limits.limits(of: rules))
  }
}
