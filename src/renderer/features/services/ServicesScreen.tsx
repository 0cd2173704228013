import { ServiceDetail } from './ServiceDetail.tsx';
import { ServiceList } from './ServiceList.tsx';

/** All services, or one of them. */
export function ServicesScreen({ id }: { id: string | null }) {
  return id === null ? <ServiceList /> : <ServiceDetail key={id} id={id} />;
}
