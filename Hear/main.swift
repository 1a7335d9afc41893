import Foundation
import RepriseAnalysis
import RepriseAudio
import RepriseSystem

// hear FILE…: one line of JSON an analysis, with "path" and "cpu" (seconds of CPU of the analysis); models as installed.
func cpu() -> Double { Double(clock()) / 1_000_000 }
let models = LearnedModels.installed()
FileHandle.standardError.write(Data("missing models: \(models.missing.map(\.rawValue))\n".utf8))
for path in CommandLine.arguments.dropFirst() {
  do {
    let audio = try await offPool("decode") { try AudioBuffer(decoding: path, cancellation: $0) }
    let start = cpu()
    let analysis = try await Analyzer(models: models).analyze(audio)
    let seconds = cpu() - start
    let text = String(decoding: try JSONEncoder().encode(analysis), as: UTF8.self)
    let name = String(decoding: try JSONEncoder().encode(path), as: UTF8.self)
    print("{\"path\":\(name),\"cpu\":\(seconds),\(text.dropFirst())")
  } catch { print("{\"path\":\"\(path)\",\"error\":\"\(error)\"}") }
}
