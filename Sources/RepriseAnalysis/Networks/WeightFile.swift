import RepriseSystem

/// The weights of a learned model, read from a file that `scripts/models` converted.
///
/// Format, all numbers little-endian: the 8 bytes `RPWEIGHT`; the version, 1, and the number of tensors as 32-bit
/// integers; for each tensor the length of its name in bytes (16 bits), the name in UTF-8, the number of dimensions
/// (16 bits) and each dimension (32 bits); then the values of all tensors in that order, row after row, as 16-bit
/// floating-point numbers (IEEE 754 binary16), up to the end of the file.
package struct WeightFile: Sendable {
  /// A multi-dimensional array of weights in row-major order.
  package struct Tensor: Sendable, Equatable {
    /// Number of elements along each dimension.
    package let shape: [Int]
    /// The elements, with the last dimension's adjacent.
    package let values: [Float]

    /// Creates a tensor of elements in row-major order.
    package init(shape: [Int], values: [Float]) {
      precondition(values.count == shape.reduce(1, *))
      self.shape = shape
      self.values = values
    }
  }

  /// The tensors by name.
  package let tensors: [String: Tensor]

  /// Largest file that is read, in bytes: several times the largest model.
  private static let limit = 64 << 20

  /// Creates weights from tensors.
  package init(tensors: [String: Tensor]) { self.tensors = tensors }

  /// Reads a file of weights.
  ///
  /// - Throws: `FileError` if it cannot be read; `WeightError.notWeights` if it is not such a file.
  package init(_ path: String) throws {
    let file = try OwnedFile(reading: path)
    let count = try file.status().byteCount
    guard count <= Self.limit, let tensors = Self.parse(try file.bytes(at: 0, count: count)) else {
      throw WeightError.notWeights
    }
    self.tensors = tensors
  }

  /// Returns a tensor.
  ///
  /// - Throws: `WeightError` if there is none of this name, it has another shape, or an element is not finite.
  func tensor(_ name: String, _ shape: [Int]) throws(WeightError) -> Tensor {
    guard let tensor = tensors[name] else { throw .missing(name: name) }
    guard tensor.shape == shape else { throw .shape(name: name, found: tensor.shape, expected: shape) }
    guard tensor.values.allSatisfy(\.isFinite) else { throw .notFinite(name: name) }
    return tensor
  }

  /// Parses the bytes of a file; nil if they are not weights.
  package static func parse(_ bytes: [UInt8]) -> [String: Tensor]? {
    var at = 0
    func number(_ size: Int) -> Int? {
      guard at + size <= bytes.count else { return nil }
      defer { at += size }
      return (0..<size).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }
    guard bytes.prefix(8).elementsEqual("RPWEIGHT".utf8) else { return nil }
    at = 8
    guard number(4) == 1, let count = number(4), count <= 4096 else { return nil }
    var heads: [(name: String, shape: [Int])] = []
    for _ in 0..<count {
      guard let length = number(2), at + length <= bytes.count else { return nil }
      let name = String(decoding: bytes[at..<(at + length)], as: UTF8.self)
      at += length
      guard let dimensions = number(2), dimensions <= 8 else { return nil }
      var shape: [Int] = []
      for _ in 0..<dimensions {
        guard let size = number(4), size <= limit else { return nil }
        shape.append(size)
      }
      heads.append((name, shape))
    }
    var result: [String: Tensor] = [:]
    for (name, shape) in heads {
      var elements = 1
      for size in shape {
        let (product, isOver) = elements.multipliedReportingOverflow(by: size)
        guard !isOver, product <= limit else { return nil }
        elements = product
      }
      guard at + 2 * elements <= bytes.count else { return nil }
      let start = at
      let values = (0..<elements).map { index in
        Self.float(half: UInt16(bytes[start + 2 * index]) | UInt16(bytes[start + 2 * index + 1]) << 8)
      }
      at += 2 * elements
      result[name] = Tensor(shape: shape, values: values)
    }
    return at == bytes.count ? result : nil
  }

  /// Returns the value of a 16-bit floating-point number; `Float16` is not available on every platform.
  static func float(half bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Float(bits & 0x3FF) / 1024
    switch exponent {
    case 0: return sign * fraction * 0x1p-14
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}

/// A reason for which weights cannot be used.
package enum WeightError: Error, Equatable, CustomStringConvertible {
  /// The file does not hold weights in the format of this version, or not all of them.
  case notWeights
  /// The model has no tensor of this name.
  case missing(name: String)
  /// A tensor of the model has another shape.
  case shape(name: String, found: [Int], expected: [Int])
  /// A tensor of the model has an element that is infinite or not a number.
  case notFinite(name: String)

  /// A short phrase that describes the error.
  package var description: String {
    switch self {
    case .notWeights: "not a file of weights of this version, or cut short"
    case .missing(let name): "the weights lack \(name)"
    case .shape(let name, let found, let expected): "the weights \(name) have the shape \(found), not \(expected)"
    case .notFinite(let name): "the weights \(name) are not all finite numbers"
    }
  }
}

/// A file of weights that cannot be used, and why.
package struct WeightFault: Error, Equatable, CustomStringConvertible {
  /// Path of the file.
  package let path: String
  /// What is wrong with its weights.
  package let error: WeightError

  /// A short phrase that describes the fault.
  package var description: String { "\(path): \(error)" }
}
