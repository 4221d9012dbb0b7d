import grpc from 'k6/net/grpc';

export default async function (): Promise<void> {
  console.log(typeof grpc);
}
