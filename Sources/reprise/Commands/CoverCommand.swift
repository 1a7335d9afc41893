import ArgumentParser
import CoverService
import Foundation
import Jobs
import Platform
import Preparation
import Verification

struct CoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cover",
    abstract: "Make a cover: prepare, submit, wait, download, verify.",
    discussion: """
      reprise cover song.wav --prompt "warm acoustic folk, fingerpicked guitar"
      reprise cover song.wav --prompt @style.txt --lyrics @words.txt --format wav

      With a key in AIML_API_KEY, AIMLAPI_API_KEY or AIMLAPI_KEY, or in a file of mode 0600 (see the README), the paid \
      service is asked; without one the cover is made here. The path of the cover goes to stdout.
      """)

  @Argument(help: "The recording: mp3, wav or flac.")
  var input: String

  @OptionGroup(title: "The words") var words: WordsOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The cover's file. (default: NAME-cover.FORMAT here)", valueName: "file"))
  var output: String?

  @Flag(help: "Replace the output if it exists.")
  var force = false

  @Flag(help: "Submit and return; 'reprise resume' fetches the cover later.")
  var noWait = false

  @Flag(help: "Show the plan, the service and the price; send nothing.")
  var dryRun = false

  @Option(help: ArgumentHelp("How long to wait for the service. (default: 1200)", valueName: "seconds"))
  var timeout: Double?

  @OptionGroup(title: "The recording") var change: ChangeOptions
  @OptionGroup(title: "The result") var setting: SettingOptions
  @OptionGroup(title: "The service") var service: ServiceOptions
  @OptionGroup(title: "Output") var speech: OutputOptions

  func validate() throws {
    if let timeout, !(0...604_800).contains(timeout) {
      throw ValidationError("--timeout takes 0 to 604800 seconds, not \(timeout)")
    }
  }

  func run() async throws {
    try InputPaths.checkNotStdin(input)
    let choice = try service.choose()
    let rules = ServiceOptions.rules(of: choice)
    let texts = try words.texts()
    let request = CoverRequest(
      prompt: texts.prompt, lyrics: texts.lyrics, setting: setting.wasAsked ? setting.setting : nil,
      reference: .file(path: input, format: "mp3"))
    try request.validate(for: rules)
    if noWait && choice == .startLocal {
      throw Trouble(
        .usage,
        "--no-wait needs a service that outlives this command: start 'reprise serve' and name it with --service URL, or"
          + " leave --no-wait out")
    }
    let key = dryRun ? nil : try ServiceOptions.key(for: rules)
    // Everything that can be refused is refused before anything is paid for, the output too.
    let destination = try outputPath()
    if !dryRun { _ = try TemporaryFile(for: destination, replacing: force) }

    let view = CoverProgressView(quiet: speech.quiet)
    try await Workspace.withFolder { folder in
      let preparer = Preparer(change: change, limits: rules.audioLimits)
      let (_, plan) = try await preparer.plan(for: input, deep: true)
      if dryRun { return try show(plan, rules: rules) }
      let prepared = try await preparer.prepare(plan, in: folder) { view.preparing($0) }
      view.finish()
      for line in PlanText.remarks(plan) { speech.say(line) }
      if let remark = prepared.remark { speech.say(Console.printable(remark)) }
      let ready = ReadyCover(
        request: request, prepared: prepared, input: input, excerpt: plan.start...plan.end, output: destination,
        setting: setting.setting,
        settingWasAsked: setting.wasAsked, replacing: force, noWait: noWait, timeout: timeout,
        serviceEndsWithCommand: choice == .startLocal)
      switch choice {
      case .described(let service):
        try await ready.run(at: service, key: key, view: view, speech: speech)
      case .startLocal:
        speech.say(
          service.service == nil
            ? "no key is set: the cover is made here, by the local service"
            : "the cover is made here, by the local service")
        try await LocalCover.withService(onNotes: { view.note($0) }) { baseURL in
          try await ready.run(at: .local(baseURL: baseURL), key: nil, view: view, speech: speech)
        }
      }
    }
  }

  private func outputPath() throws -> String {
    let stem = PathText.stem(of: input)
    return output ?? "\(stem)-cover.\(setting.setting.format.rawValue)"
  }

  private func show(_ plan: Plan, rules: ServiceDescription) throws {
    if speech.json {
      try Console.data(try Console.json(plan))
    } else {
      for line in PlanText.lines(plan) { try Console.data(line) }
      let price = rules.usdPerCover.map { $0 == 0 ? "free" : String(format: "about $%.3f", $0) } ?? "price unknown"
      try Console.data("service: \(rules.name) (\(price)); nothing was sent")
    }
  }
}
