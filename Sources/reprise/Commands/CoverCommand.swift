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
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "The result") var setting: SettingOptions
  @OptionGroup(title: "The service") var service: ServiceOptions
  @OptionGroup(title: "The service") var keys: KeyOptions
  @OptionGroup(title: "Output") var speech: OutputOptions

  func validate() throws {
    if let timeout, !(0...604_800).contains(timeout) {
      throw ValidationError("--timeout takes 0 to 604800 seconds, not \(timeout)")
    }
    if output == "-" { throw ValidationError("-o -: a cover can't go to stdout; name a file") }
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
    try InputPaths.checkNotStdin(input)
    let choice = try service.choose()
    let rules = try ServiceOptions.rules(of: choice)
    let texts = try words.texts()
    let request = CoverRequest(
      prompt: texts.prompt, lyrics: texts.lyrics, setting: result.wasAsked ? result.setting : nil,
      reference: .file(path: input, format: "mp3"))
    try request.validate(for: rules)
    if noWait && choice == .startLocal {
      throw Trouble(
        .usage,
        "--no-wait needs a service that outlives this command: start 'reprise serve' and name it with --service URL, or"
          + " leave --no-wait out")
    }
    let key = dryRun ? nil : try keys.key(for: rules)
    // Everything that can be refused is refused before anything is paid for, the output too.
    let destination = outputPath
    try OutputGuard.check(
      destination, isNone: [input] + OutputGuard.files(behind: [words.prompt, words.lyrics]))
    _ = try TemporaryFile(for: destination, replacing: force)

    let view = CoverProgressView(quiet: speech.quiet)
    try await Workspace.withFolder { folder in
      let preparer = Preparer(change: change, limits: try limits.limits(of: rules))
      let (_, plan) = try await preparer.plan(for: input, deep: true) { view.surveying($0) }
      if dryRun {
        view.finish()
        return try show(plan, rules: rules)
      }
      let prepared = try await preparer.prepare(plan, in: folder) { view.preparing($0) }
      view.finish()
      for line in PlanText.remarks(plan) { speech.say(line) }
      if let remark = prepared.remark { speech.say(Console.printable(remark)) }
      let ready = ReadyCover(
        request: request, prepared: prepared, input: input, excerpt: plan.start...plan.end, output: destination,
        setting: result.setting,
        settingWasAsked: result.wasAsked, replacing: force, noWait: noWait, timeout: timeout,
        serviceEndsWithCommand: choice == .startLocal)
      switch choice {
      case .described(let service):
        if let key, service.name != ServiceDescription.aimlapi.name {
          speech.say("the key in \(key.origin) is sent to \(service.baseURL)")
        }
        try await ready.run(at: service, key: key, view: view, speech: speech)
      case .startLocal:
        speech.say(
          service.service == nil
            ? "no key is set: the cover is made here, by the local service"
            : "the cover is made here, by the local service")
        try await LocalCover.withService(onNotes: { view.note($0) }) { baseURL in
          var local = rules
          local.baseURL = baseURL
          try await ready.run(at: local, key: nil, view: view, speech: speech)
        }
      }
    }
  }

  private var outputPath: String {
    output ?? "\(PathText.stem(of: input))-cover.\(result.setting.format.rawValue)"
  }

  /// What is asked of the service: the options, and the format that the output's name promises.
  private var result: (setting: Contract.AudioSetting, wasAsked: Bool) {
    var setting = setting.setting
    let promised = OutputNames.promised(by: output).flatMap { Contract.AudioSetting.Format(rawValue: $0) }
    if let promised { setting.format = promised }
    return (setting, self.setting.wasAsked || promised != nil)
  }

  private func show(_ plan: Plan, rules: ServiceDescription) throws {
    if speech.json {
      try Console.data(try Console.json(plan))
    } else {
      for line in PlanText.lines(plan) { try Console.data(line) }
    }
    let price = rules.usdPerCover.map { $0 == 0 ? "free" : String(format: "about $%.3f", $0) } ?? "price unknown"
    let remark = "service: \(rules.name) (\(price)); nothing was sent"
    if speech.json { speech.say(remark) } else { try Console.data(remark) }
  }
}
