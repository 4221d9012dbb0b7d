// says: RangeError
export default function () {
  const again = () => again() + 1;
  try {
    again();
  } catch (error) {
    console.log(error.name);
  }
}
