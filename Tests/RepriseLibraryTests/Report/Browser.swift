import Foundation
import Synchronization
import TestSupport
import Testing

/// A headless Chromium that is spoken to through two pipes (the DevTools protocol, `--remote-debugging-pipe`): clicks
/// and keys come from its input queue, as a person's do.
final class Browser: Sendable {
  /// The reason why the browser did not carry out a command.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The path of Chromium; `nil` on a machine without it.
  static var executable: String? {
    let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let places =
      directories.flatMap { directory in ["chromium", "chromium-browser", "google-chrome"].map { "\(directory)/\($0)" }
      }
      + [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      ]
    return places.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private struct State {
    var number = 0
    var session: String?
    var waiting: [Int: CheckedContinuation<Data, any Error>] = [:]
    var events: [(method: String, text: String)] = []
    var isOver = false
  }

  private let state = Mutex(State())
  private let process: Process
  private let toBrowser: FileHandle

  /// Starts a browser and opens an empty page in it.
  ///
  /// - Parameter directory: The directory of the browser's profile and files.
  /// - Throws: `Failure` if the browser does not respond, an error if it can't be started.
  init(keepingIn directory: String) async throws {
    let path = try #require(Self.executable)
    let (commands, answers) = (Pipe(), Pipe())
    process = Process()
    // Tests of the command change the process's own, and remove it.
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    // The protocol wants descriptors 3 and 4, which Foundation can't give a child.
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", "sh", path, "--headless=new",
      "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-extensions",
      "--user-data-dir=\(directory)", "--window-size=1400,1000",
    ]
    process.standardInput = commands
    process.standardOutput = answers
    toBrowser = commands.fileHandleForWriting
    try process.run()
    let reader = Thread { [weak self] in
      var rest = Data()
      // An empty piece is the end: the browser is gone.
      while case let piece = answers.fileHandleForReading.availableData, !piece.isEmpty {
        rest.append(piece)
        while let end = rest.firstIndex(of: 0) {
          self?.take(Data(rest[rest.startIndex..<end]))
          rest = Data(rest[(end + 1)...])
        }
      }
      self?.end()
    }
    reader.start()
    // So that nothing waits for ever.
    let pid = process.processIdentifier
    let watchdog = Thread { [weak self] in
      for _ in 0..<12_000 {
        Thread.sleep(forTimeInterval: 0.05)
        if self == nil { return }
      }
      kill(pid, SIGKILL)
    }
    watchdog.start()
    struct Target: Decodable { let targetId: String }
    struct Session: Decodable { let sessionId: String }
    let target: Target = try await send("Target.createTarget", ["url": "about:blank"])
    let session: Session = try await send(
      "Target.attachToTarget", ["targetId": target.targetId, "flatten": true])
    state.withLock { $0.session = session.sessionId }
    for domain in ["Page", "Runtime", "Log", "Network"] { try await send(domain + ".enable") }
  }

  deinit { if process.isRunning { process.terminate() } }

  /// Ends the browser and waits until it is gone, so that it writes nothing any more.
  func close() async {
    try? await send("Browser.close")
    try? await eventually { !process.isRunning }
  }

  private func take(_ message: Data) {
    guard let object = try? JSONSerialization.jsonObject(with: message) as? [String: Any] else { return }
    let number = object["id"] as? Int
    let method = object["method"] as? String
    let waiter = state.withLock { state -> CheckedContinuation<Data, any Error>? in
      if let number { return state.waiting.removeValue(forKey: number) }
      if let method { state.events.append((method, String(decoding: message, as: UTF8.self))) }
      return nil
    }
    if let error = object["error"] as? [String: Any] {
      waiter?.resume(throwing: Failure(description: "the browser refused: \(error)"))
    } else {
      waiter?.resume(returning: message)
    }
  }

  private func end() {
    let waiting = state.withLock { state in
      state.isOver = true
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for waiter in waiting { waiter.resume(throwing: Failure(description: "the browser has ended")) }
  }

  /// Sends a command and waits for its answer.
  func send<Answer: Decodable>(_ method: String, _ parameters: [String: any Sendable] = [:]) async throws -> Answer {
    let answer: Data = try await withCheckedThrowingContinuation { continuation in
      let message = state.withLock { state -> Data? in
        if state.isOver { return nil }
        state.number += 1
        var object: [String: Any] = ["id": state.number, "method": method, "params": parameters]
        if let session = state.session { object["sessionId"] = session }
        guard var data = try? JSONSerialization.data(withJSONObject: object) else { return nil }
        data.append(0)
        state.waiting[state.number] = continuation
        // In the lock, so that two commands don't mix.
        do { try toBrowser.write(contentsOf: data) } catch { state.waiting[state.number] = nil; return nil }
        return data
      }
      if message == nil { continuation.resume(throwing: Failure(description: "\(method): the browser is gone")) }
    }
    return try JSONDecoder().decode(Envelope<Answer>.self, from: answer).result
  }

  private struct Envelope<Answer: Decodable>: Decodable { let result: Answer }

  private struct Nothing: Decodable {}

  /// Sends a command whose answer does not matter.
  func send(_ method: String, _ parameters: [String: any Sendable] = [:]) async throws {
    let _: Nothing = try await send(method, parameters)
  }

  /// Returns the events of these methods that have arrived, as JSON.
  func events(_ methods: String...) -> [String] {
    state.withLock { $0.events.filter { methods.contains($0.method) }.map(\.text) }
  }
}
