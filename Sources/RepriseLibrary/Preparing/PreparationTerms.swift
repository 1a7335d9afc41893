package import RepriseAudio
internal import Foundation
package import ReprisePreparation

/// How recordings are changed, and the limits they have to fit: what a worker that prepares is told first.
package struct PreparationTerms: Sendable, Codable {
  private var start: Double?
  private var end: Double?
  private var fadeIn: Double
  private var fadeOut: Double
  private var mayTrim: Bool
  private var passage: String
  private var trimsSilence: Bool
  private var silenceLevel: Double
  private var format: String?
  /// What the service takes.
  package private(set) var limits: AudioLimits

  /// Terms of a preparation.
  ///
  /// - Parameters:
  ///   - options: how recordings are changed.
  ///   - limits: what the service takes.
  package init(options: PreparationOptions, limits: AudioLimits) {
    start = options.start
    end = options.end
    fadeIn = options.fadeIn
    fadeOut = options.fadeOut
    mayTrim = options.mayTrim
    passage = options.passage.rawValue
    trimsSilence = options.trimsSilence
    silenceLevel = options.silenceLevel
    format = options.format?.rawValue
    self.limits = limits
  }

  /// How recordings are changed.
  package var options: PreparationOptions {
    var options = PreparationOptions()
    options.start = start
    options.end = end
    options.fadeIn = fadeIn
    options.fadeOut = fadeOut
    options.mayTrim = mayTrim
    options.passage = PreparationOptions.Passage(rawValue: passage) ?? .first
    options.trimsSilence = trimsSilence
    options.silenceLevel = silenceLevel
    options.format = format.flatMap { FileFormat(rawValue: $0) }
    return options
  }

  /// `true` if even a file that fits may be changed.
  package var changesAll: Bool {
    start != nil || end != nil || fadeIn > 0 || fadeOut > 0 || trimsSilence || format != nil
  }

  /// A line that is the same for the same terms, and differs between different ones.
  package func identity() throws -> String {
    var terms = self
    // A set, whose order is another each time.
    terms.limits.formats = []
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(terms), as: UTF8.self) + " "
      + limits.formats.map(\.rawValue).sorted().joined(separator: ",")
  }
}
