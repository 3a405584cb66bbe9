/// Values looked at where they lie.
///
/// A copy of a value is retained and released, which costs more than finding a member in it. So
/// those who go from values into values go by their places.
extension UnsafePointer<Value> {
  /// The place of the member `name`; nil for anything but an object that has it.
  ///
  /// The place is good as long as the value here is held and stays as it is.
  public func member(_ name: MemberName) -> UnsafePointer<Value>? {
    guard case .object(let object) = pointee else { return nil }
    // The members lie in one piece of memory, which the array owns that the value here holds.
    let members = object.members.withUnsafeBufferPointer { $0 }
    guard let first = members.baseAddress else { return nil }
    if object.table != nil {
      return object.position(of: name).map { (first + $0).value }
    }
    for position in 0..<members.count where first[position].name == name {
      return (first + position).value
    }
    return nil
  }
}

extension UnsafePointer<Object.Member> {
  /// Where the value of the member lies.
  fileprivate var value: UnsafePointer<Value> {
    let offset = MemoryLayout<Object.Member>.offset(of: \.value) ?? 0
    return UnsafeRawPointer(self).advanced(by: offset).assumingMemoryBound(to: Value.self)
  }
}
